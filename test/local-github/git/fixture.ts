import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { onTestFinished } from 'vitest'

import { createCommit } from '../../../src/local-github/git/commits.ts'
import { createTree } from '../../../src/local-github/git/new-tree.ts'
import { initRepository, repositoryPath } from '../../../src/local-github/git/repository.ts'

const run = promisify(execFile)

/** Git as people have it, with nothing of this machine's configuration; answers what it printed. */
export async function git(cwd: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('git', args, { cwd, env: gitEnvironment })
  return stdout.trim()
}

export const gitEnvironment = {
  PATH: process.env['PATH'] ?? '',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
}

/** A folder that goes when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'local-github-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}

/** An empty bare repository `ada/app` with HEAD on main. */
export async function emptyRepository(): Promise<string> {
  const repository = repositoryPath(await temporaryFolder(), 'ada', 'app')
  await initRepository(repository, 'main')
  return repository
}

export const ada = { name: 'Ada', email: 'ada@example.org', date: '2026-01-02T03:04:05Z' }

/** A commit with these files laid over its first parent; null removes one. */
export async function commitFiles(
  repository: string,
  parents: string[],
  files: Record<string, string | null>,
  message = 'Change files',
): Promise<string> {
  const entries = Object.entries(files).map(([path, content]) =>
    content === null ? ({ path, mode: '100644', sha: null } as const) : ({ path, mode: '100644', content } as const),
  )
  const tree = await createTree(repository, parents[0] ?? null, entries)
  if (!tree.ok) throw new Error(tree.message)
  const sha = await createCommit(repository, { message, tree: tree.sha, parents, author: ada, committer: ada })
  if (sha === null) throw new Error(`no commit from ${tree.sha}`)
  return sha
}
