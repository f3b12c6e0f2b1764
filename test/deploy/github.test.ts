import { describe, expect, it } from 'vitest'
import type { DeployRequest } from '../../src/deploy/deployer.ts'
import { deploymentDeployer, type ReportedState } from '../../src/deploy/deployment.ts'
import { noDeployer } from '../../src/deploy/none.ts'
import { releaseDeployer, releaseTag } from '../../src/deploy/release.ts'
import { workflowDeployer, type ReportedRun } from '../../src/deploy/workflow.ts'

const request: DeployRequest = {
  codename: 'brave-otter',
  repo: 'o/r',
  sha: 'abc',
  environment: 'production',
  reason: 'update',
  again: false,
}
const serving = async () => null

describe('a GitHub Deployment', () => {
  const reported = (state: string, final: boolean): ReportedState => {
    return { state, final, unheard: false, description: 'by the bot', url: 'https://logs.example.com' }
  }
  const made = (there: ReportedState | null) => {
    let created = 0
    const api = {
      find: async () => (there ? 7 : null),
      create: async () => ({ ok: true as const, id: 8 + created++ }),
      state: async () => there ?? reported('pending', false),
      serving,
    }
    return { deployer: deploymentDeployer(api), created: () => created }
  }

  it('is created once and then waited for', async () => {
    const { deployer, created } = made(null)
    expect(await deployer.begin(request)).toMatchObject({ state: 'waiting', deployment: 8 })
    expect(created()).toBe(1)
  })

  it('that an earlier try created is looked at, not created again', async () => {
    const { deployer, created } = made(reported('success', true))
    expect(await deployer.begin(request)).toEqual({
      state: 'done',
      deployment: 7,
      detail: 'success: by the bot',
      url: 'https://logs.example.com',
    })
    expect(created()).toBe(0)
  })

  it('of the same commit that another has replaced is created again, because it is not in service', async () => {
    const { deployer, created } = made(reported('inactive', true))
    expect(await deployer.begin(request)).toMatchObject({ state: 'waiting', deployment: 8 })
    expect(created()).toBe(1)
    expect(await deployer.look(request, 7)).toMatchObject({ state: 'failed' })
  })

  it.each([
    ['failure', true, 'failed'],
    ['error', true, 'failed'],
    ['success', true, 'done'],
    ['queued', false, 'waiting'],
    ['in_progress', false, 'waiting'],
    ['pending', false, 'waiting'],
  ] as const)('reported as %s (final: %s) is %s', async (state, final, expected) => {
    expect((await made(reported(state, final)).deployer.look(request, 7)).state).toBe(expected)
  })

  it('that GitHub refuses is a failure with its reason', async () => {
    const refusing = deploymentDeployer({
      find: async () => null,
      create: async () => ({ ok: false, message: 'Conflict: environment rules' }),
      state: async () => reported('pending', false),
      serving,
    })
    expect(await refusing.begin(request)).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('Conflict: environment rules'),
    })
    expect(await refusing.look(request, null)).toMatchObject({ state: 'failed' })
  })
})

describe('a workflow', () => {
  const made = (run: ReportedRun | null, id: number | null = null) => {
    let dispatched = 0
    const api = {
      find: async () => (run ? 5 : null),
      dispatch: async () => ({ ok: true as const, id: dispatched++ === 0 ? id : null }),
      run: async () => run ?? { status: 'queued', conclusion: null, url: '' },
      serving,
    }
    return { deployer: workflowDeployer(api), dispatched: () => dispatched }
  }
  const run = (status: string, conclusion: string | null) => ({ status, conclusion, url: 'https://run.example.com' })

  it('is dispatched, and its run waited for until GitHub shows it', async () => {
    const { deployer, dispatched } = made(null)
    expect(await deployer.begin(request)).toMatchObject({ state: 'waiting', deployment: null })
    expect(await deployer.look(request, null)).toMatchObject({ state: 'waiting', deployment: null })
    expect(dispatched()).toBe(1)
  })

  it('that an earlier try dispatched is watched, not dispatched again', async () => {
    const { deployer, dispatched } = made(run('in_progress', null))
    expect(await deployer.begin(request)).toMatchObject({ state: 'waiting', deployment: 5 })
    expect(dispatched()).toBe(0)
  })

  it.each([
    ['completed', 'success', 'done'],
    ['completed', 'failure', 'failed'],
    ['completed', 'cancelled', 'failed'],
    ['completed', null, 'failed'],
    ['queued', null, 'waiting'],
  ] as const)('%s with %s is %s', async (status, conclusion, expected) => {
    expect((await made(run(status, conclusion)).deployer.look(request, null)).state).toBe(expected)
  })
})

describe('a release', () => {
  const made = (there: { id: number; url: string; sha: string } | null) => {
    const tags: string[] = []
    const api = {
      find: async () => there,
      create: async (_: DeployRequest, tag: string) => {
        tags.push(tag)
        return { ok: true as const, id: 3, url: 'https://release.example.com' }
      },
      serving,
    }
    return { deployer: releaseDeployer(api, 'v-{codename}'), tags }
  }

  it('is published under the configured tag, and under another for going back', async () => {
    const { deployer, tags } = made(null)
    expect(await deployer.begin(request)).toMatchObject({ state: 'done', url: 'https://release.example.com' })
    expect(await deployer.begin({ ...request, reason: 'rollback' })).toMatchObject({ state: 'done' })
    expect(tags).toEqual(['v-brave-otter', 'v-brave-otter-rollback'])
    expect(releaseTag('pawl', request)).toBe('pawl')
  })

  it('that is there already is this one only when its tag is on the commit', async () => {
    const mine = made({ id: 3, url: 'u', sha: 'abc' })
    expect(await mine.deployer.begin(request)).toMatchObject({ state: 'done', deployment: 3 })
    const other = made({ id: 3, url: 'u', sha: 'def' })
    expect(await other.deployer.begin(request)).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('def'),
    })
    expect([...mine.tags, ...other.tags]).toEqual([])
    expect(await made(null).deployer.look(request, 3)).toMatchObject({ state: 'failed' })
  })
})

it('nothing is deployed, and done at once, where nothing is configured', async () => {
  expect(await noDeployer().begin(request)).toMatchObject({ state: 'done' })
  expect(await noDeployer().serving('production')).toBeNull()
})
