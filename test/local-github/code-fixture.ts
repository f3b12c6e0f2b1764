import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import type { Octokit } from '@octokit/rest'
import { expect } from 'vitest'

import type { JsonObject } from '../../src/local-github/contract.ts'
import { startLocalGitHub, type LocalGitHub } from '../../src/local-github/server.ts'
import { APP, clientsOf, receiveWebhooks, type Received } from './fixture.ts'
import { git } from './git/fixture.ts'

export const demo = { owner: 'octo', repo: 'demo' }

/** An app that hears everything about commits. */
export const ALL_EARS = {
  ...APP,
  events: APP.events.concat(
    'create',
    'delete',
    'status',
    'deployment',
    'release',
    'workflow_run',
    'workflow_job',
    'workflow_dispatch',
  ),
}

export interface Code {
  github: LocalGitHub
  /** The owner. */
  octo: Octokit
  /** Speaks with an installation token. */
  bot: Octokit
  person: (login: string, role?: 'read' | 'write' | 'admin') => Promise<Octokit>
  /** A clone of octo's with `origin` and main checked out. */
  work: string
  /** Writes files in the clone and commits them; answers the commit. */
  commit: (files: Record<string, string>, message?: string) => Promise<string>
  git: (...args: string[]) => Promise<string>
  /** Names of the webhooks since the last call, once all is quiet. */
  heard: () => Promise<string[]>
  received: Received[]
  /** The payload of the newest webhook of this name. */
  last: (name: string) => JsonObject
}

/** A story in octo/demo, imported from a repository with these files; at its end GitHub's description must be kept. */
export async function withCode(
  files: Record<string, string>,
  story: (code: Code) => Promise<void>,
  options: { jobs?: number } = {},
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'local-github-'))
  const hook = await receiveWebhooks()
  const source = join(folder, 'source')
  await mkdir(source)
  await git(source, 'init', '-q', '-b', 'main')
  await write(source, files)
  await git(source, 'add', '-A')
  await git(source, 'commit', '-qm', 'Begin', '--allow-empty')
  const github = await startLocalGitHub({ data: join(folder, 'data'), app: ALL_EARS, webhookUrl: hook.url, ...options })
  try {
    await github.addRepository('octo/demo', { from: source })
    const installation = await github.install('octo/demo')
    const clients = clientsOf(github, folder)
    const work = join(folder, 'work')
    const remote = `${github.url.replace('//', `//x:${await github.personalToken('octo')}@`)}/octo/demo.git`
    await git(folder, 'clone', '-q', remote, work)
    const { received } = hook
    let told = received.length
    await story({
      github,
      octo: await clients.person('octo'),
      bot: clients.installation(installation),
      async person(login, role) {
        const client = await clients.person(login)
        if (role !== undefined) await github.setCollaborator('octo/demo', login, role)
        return client
      },
      work,
      async commit(changed, message = 'Change') {
        await write(work, changed)
        await git(work, 'add', '-A')
        await git(work, 'commit', '-qm', message)
        return git(work, 'rev-parse', 'HEAD')
      },
      git: (...args) => git(work, ...args),
      async heard() {
        await github.idle()
        const names = received.slice(told).map(({ name }) => name)
        told = received.length
        return names.filter((name) => !name.startsWith('installation'))
      },
      received,
      last(name) {
        const found = received.findLast((one) => one.name === name)
        if (found === undefined) throw new Error(`no webhook ${name}`)
        return found.payload
      },
    })
    await github.idle()
    expect(github.violations()).toEqual([])
  } finally {
    await github.stop()
    await hook.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

async function write(folder: string, files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
}
