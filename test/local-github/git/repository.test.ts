import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { importRepository } from '../../../src/local-github/git/import.ts'
import { listRefs } from '../../../src/local-github/git/refs.ts'
import {
  defaultBranch,
  initRepository,
  repositoryPath,
  setDefaultBranch,
} from '../../../src/local-github/git/repository.ts'
import { emptyRepository, git, temporaryFolder } from './fixture.ts'

test('a name that would leave the root is refused', () => {
  expect(repositoryPath('/srv', 'ada', 'app.js')).toBe('/srv/ada/app.js.git')
  for (const [owner, name] of [
    ['..', 'app'],
    ['ada', '..'],
    ['ada', 'a/b'],
    ['-x', 'app'],
    ['', 'app'],
  ] as const) {
    expect(() => repositoryPath('/srv', owner, name), `${owner}/${name}`).toThrow(/is no/)
  }
})

test('HEAD names the default branch before its first commit, and stays when the repository exists', async () => {
  const repository = await emptyRepository()
  expect(await defaultBranch(repository)).toBe('main')
  await setDefaultBranch(repository, 'trunk/next')
  await initRepository(repository, 'main')
  expect(await defaultBranch(repository)).toBe('trunk/next')
  await expect(setDefaultBranch(repository, 'no..name')).rejects.toThrow(/no name for a branch/)
})

async function workTree(): Promise<string> {
  const folder = await temporaryFolder()
  await git(folder, 'init', '-q', '-b', 'develop')
  for (const text of ['one', 'two']) {
    await writeFile(join(folder, 'file'), text)
    await git(folder, 'add', '.')
    await git(folder, 'commit', '-qm', text)
  }
  await git(folder, 'tag', '-a', 'v1', '-m', 'First')
  await git(folder, 'tag', 'light')
  return folder
}

test('an import takes the current branch and all tags of a work tree, and nothing of what is not committed', async () => {
  const source = await workTree()
  await git(source, 'branch', 'other', 'HEAD~1')
  await writeFile(join(source, 'file'), 'not committed')
  const repository = await emptyRepository()
  const sha = await git(source, 'rev-parse', 'HEAD')
  expect(await importRepository(repository, source)).toEqual({ branch: 'develop', sha, tags: ['light', 'v1'] })
  expect(await defaultBranch(repository)).toBe('develop')
  expect((await listRefs(repository, 'refs/heads/')).map(({ name }) => name)).toEqual(['refs/heads/develop'])
  expect(await git(repository, 'show', 'develop:file')).toBe('two')
})

test('an import again after new commits moves the branch', async () => {
  const source = await workTree()
  const repository = await emptyRepository()
  await importRepository(repository, source)
  await git(source, 'commit', '-q', '--allow-empty', '--amend', '-m', 'Other')
  const { sha } = await importRepository(repository, source)
  expect((await listRefs(repository, 'refs/heads/develop'))[0]?.sha).toBe(sha)
})

test('a shallow clone, a detached HEAD and a linked worktree can be imported', async () => {
  const source = await workTree()
  const folder = await temporaryFolder()
  await git(folder, 'clone', '-q', '--depth', '1', `file://${source}`, 'shallow')
  const shallow = await emptyRepository()
  expect(await importRepository(shallow, join(folder, 'shallow'))).toMatchObject({ branch: 'develop' })
  await git(source, 'worktree', 'add', '-q', '--detach', join(folder, 'linked'), 'HEAD~1')
  const linked = await emptyRepository()
  const sha = await git(source, 'rev-parse', 'HEAD~1')
  expect(await importRepository(linked, join(folder, 'linked'))).toMatchObject({ branch: 'main', sha })
})

test('what has no commit cannot be imported, and the message says what to name', async () => {
  const repository = await emptyRepository()
  await expect(importRepository(repository, await temporaryFolder())).rejects.toThrow(/Name a git repository/)
  await expect(importRepository(repository, await emptyRepository())).rejects.toThrow(/no commit yet/)
})
