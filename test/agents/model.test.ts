import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Agent, AgentContext, ChangeResult, Retry } from '../../src/agents/agent.ts'
import { createAgents } from '../../src/agents/choose.ts'
import type { ModelSetting } from '../../src/config/models.ts'
import type { ModelServer as Served } from '../../src/config/agent-environment.ts'
import { createSandbox } from '../../src/sandbox/sandbox.ts'
import { startModelServer, type ModelServer, type Turn } from '../support/model-server.ts'
import { agentTask } from './fixtures.ts'

const KEY = 'sk-operator-key'
const sandbox = createSandbox()
let workspace: string
let server: ModelServer
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'pawl-model-'))
  await mkdir(join(workspace, 'src'))
  await writeFile(join(workspace, 'src/price.js'), 'export const price = 1\n')
})
afterEach(async () => {
  await server.close()
  await rm(workspace, { recursive: true, force: true })
})

const write = (path: string, content: string) => ({ tool: 'write', input: { path, content } })
const edit = { tool: 'edit', input: { path: 'src/price.js', before: 'price = 1', after: 'price = 2' } }
const text = (path: string) => readFile(join(workspace, path), 'utf8')

type Options = { api?: Served['api']; retry?: Retry; setting?: Partial<ModelSetting>; signal?: AbortSignal }

/** Lets an agent work whose model plays the script. */
async function change(script: Turn[], options: Options = {}): Promise<ChangeResult> {
  const { api = 'anthropic', retry = null, signal = AbortSignal.timeout(20_000) } = options
  server = await startModelServer(script)
  const setting: ModelSetting = {
    use: 'model',
    name: 'writer',
    model: 'scripted:model-1',
    budget: { steps: 20, tokens: 100_000, usd: 1, time: 20_000 },
    prices: null,
    commands: [],
    ...options.setting,
  }
  const operator = { keys: [], servers: { scripted: { api, url: server.url, key: KEY } } }
  const { agents, missing } = createAgents([setting], () => Promise.reject(new Error('no diff')), operator)
  expect(missing).toEqual([])
  const context: AgentContext = {
    workspace,
    signal,
    exec: (command, { timeoutMs = 10_000, ...more } = {}) =>
      sandbox.run(command, { workspace, timeoutMs, signal, ...more }),
    progress: () => {},
    spend: () => {},
  }
  const words = { kind: 'words' as const, text: 'Raise the price to 2.', trust: 'requester' as const }
  return (agents[0] as Agent).change(agentTask(words), retry, context)
}

/** What the model was told of its tools' results, turn by turn. */
const told = (turn: number) => JSON.stringify(server.asked[turn]?.body['messages'] ?? server.asked[turn]?.body['input'])

describe.each(['anthropic', 'openai', 'compatible'] as const)('a model behind the protocol %s', (api) => {
  const headers = { anthropic: 'x-api-key', openai: 'authorization', compatible: 'authorization' }

  it('looks, changes files and ends with what it says and what it spent', async () => {
    const look = [
      { tool: 'list', input: { path: '' } },
      { tool: 'search', input: { text: 'price', path: 'src' } },
      { tool: 'read', input: { path: 'src/price.js', from: 1 } },
    ]
    const script = [
      { calls: look },
      { calls: [edit, write('docs/new/price.md', 'It is 2.\n')] },
      { say: 'The price is 2.' },
    ]
    const result = await change(script, { api })
    expect(result).toMatchObject({ state: 'done' })
    expect('summary' in result && result.summary).toMatch(/^The price is 2\.\nSpent: 3 steps, 360 tokens, no prices/)
    expect(await text('src/price.js')).toBe('export const price = 2\n')
    expect(await text('docs/new/price.md')).toBe('It is 2.\n')
    expect(told(1)).toContain('src/price.js:1: export const price = 1')
    expect(String(server.asked[0]?.headers[headers[api]])).toContain(KEY)
    expect(told(0)).toContain('Raise the price to 2.')
  })

  it('is told of a tool’s error and of arguments that do not fit, and may go on', async () => {
    const result = await change(
      [
        { calls: [{ tool: 'edit', input: { path: 'src/price.js', before: 'no such text', after: '' } }] },
        { calls: [{ tool: 'read', input: { path: 7 } }] },
        { raw: { tool: 'write', input: '{"path": "src/x.js", "content": ' } },
        { calls: [{ tool: 'delete_repository', input: {} }] },
        { calls: [edit] },
        { say: 'done' },
      ],
      { api },
    )
    expect(result).toMatchObject({ state: 'done' })
    expect(told(1)).toContain('stands 0 times')
    expect(await readdir(join(workspace, 'src'))).toEqual(['price.js'])
    expect(await text('src/price.js')).toBe('export const price = 2\n')
  })

  it('that refuses is a failure which says so', async () => {
    const result = await change([{ refuse: 'I will not do that.' }], { api })
    expect(result).toMatchObject({ state: 'failed' })
    expect('reason' in result && result.reason).toMatch(/refused|changed nothing; it said: I will not do that/)
  })

  it('is asked again after the time that its server names with 429', async () => {
    const limited = { status: 429, headers: { 'retry-after': '1' } }
    const began = performance.now()
    const result = await change([limited, { calls: [edit] }, { say: 'done' }], { api })
    expect(result).toMatchObject({ state: 'done' })
    expect(performance.now() - began).toBeGreaterThan(990)
    expect(server.asked).toHaveLength(3)
  })

  it('whose stream is cut off has not done its task', async () => {
    const result = await change([{ calls: [edit] }, { cutOff: 'I have nearly' }], { api })
    expect(result).toMatchObject({ state: 'failed', retryable: true })
    expect('reason' in result && result.reason).toMatch(/cut off|no whole answer/)
  })

  it('that stalls is stopped when its time is over', async () => {
    const budget = { steps: 20, tokens: 100_000, usd: 1, time: 700 }
    const result = await change([{ calls: [edit] }, { stall: true }], { api, setting: { budget } })
    expect(result).toMatchObject({ state: 'failed', retryable: true })
    expect('reason' in result && result.reason).toMatch(/stopped after its time of 0.7 s. Spent: 1 steps, 120 tokens/)
  })
})

describe('a budget', () => {
  const loop: Turn[] = [{ calls: [{ tool: 'list', input: { path: '' } }], usage: { input: 900_000, output: 100_000 } }]
  const budget = { steps: 5, tokens: 100_000_000, usd: 100, time: 20_000 }

  it('of steps ends a loop that would never end', async () => {
    const result = await change(loop, { setting: { budget } })
    expect('reason' in result && result.reason).toMatch(/at its budget of 5 steps. Spent: 5 steps, 5000000 tokens/)
    expect(server.asked).toHaveLength(5)
  })

  it('of tokens ends after the step that spends it', async () => {
    const result = await change(loop, { setting: { budget: { ...budget, tokens: 1_500_000 } } })
    expect('reason' in result && result.reason).toContain('at its budget of 1500000 tokens. Spent: 2 steps')
  })

  it('of money is counted with the prices, those of the cache among them', async () => {
    const usage = { input: 1_000_000, output: 1_000_000, cacheRead: 1_000_000, cacheWrite: 1_000_000 }
    const prices = { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 }
    const costly: Turn[] = [{ calls: [{ tool: 'list', input: { path: '' } }], usage }]
    const result = await change(costly, { setting: { budget: { ...budget, usd: 40 }, prices } })
    expect('reason' in result && result.reason).toContain('at its budget of 40 USD. Spent: 2 steps')
    expect('reason' in result && result.reason).toContain('44.1000 USD')
  })
})

describe('what a model cannot do', () => {
  it('leave the workspace, whatever path it names', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'pawl-outside-'))
    await writeFile(join(outside, 'secret'), 'the secret of the host')
    await symlink(outside, join(workspace, 'way'))
    await symlink(join(outside, 'secret'), join(workspace, 'link'))
    await writeFile(join(workspace, '.git'), 'gitdir: the secret of git')
    const paths = [
      `../${outside.split('/').at(-1)}/secret`,
      join(outside, 'secret'),
      'way/secret',
      'link',
      '.git',
      'a\0b',
    ]
    const reads = paths.map((path) => ({ tool: 'read', input: { path } }))
    const writes = ['way/new', 'link', '../new', '.git', '.git/config', '.GIT/hooks/x', '/etc/x'].map((path) =>
      write(path, 'x'),
    )
    const removes = [
      { tool: 'remove', input: { path: 'way/secret' } },
      { tool: 'remove', input: { path: 'link' } },
    ]
    const looks = [
      { tool: 'list', input: { path: 'way' } },
      { tool: 'list', input: { path: '..' } },
      { tool: 'search', input: { text: 'secret', path: '' } },
      { tool: 'search', input: { text: 'secret', path: 'way' } },
    ]
    const result = await change([{ calls: [...reads, ...writes, ...removes, ...looks] }, { say: 'done' }])
    expect(result).toMatchObject({ state: 'failed' })
    expect('reason' in result && result.reason).toContain('changed nothing')
    expect(told(1)).not.toContain('the secret of')
    expect(await readdir(outside)).toEqual(['secret'])
    expect(await readFile(join(outside, 'secret'), 'utf8')).toBe('the secret of the host')
    await rm(outside, { recursive: true })
  })

  it('run anything but the commands of the configuration, and those in the sandbox without its key', async () => {
    const run = (command: string) => ({ tool: 'run', input: { command } })
    const commands = [['sh', '-c', 'env; cat /proc/*/environ; ls /root; echo ran']]
    const allowed = 'sh -c env; cat /proc/*/environ; ls /root; echo ran'
    const script = [{ calls: [run('id'), run('sh -c id'), run(allowed)] }, { calls: [edit] }, { say: 'done' }]
    expect(await change(script, { setting: { commands } })).toMatchObject({ state: 'done' })
    const heard = told(1)
    expect(heard.match(/this may not be run/g)).toHaveLength(2)
    expect(heard).toContain('ran\\n')
    expect(JSON.stringify(server.asked.map(({ body }) => body))).not.toContain(KEY)
  })

  it('put the key into a report or a log, when its server repeats it', async () => {
    const body = { type: 'error', error: { type: 'authentication_error', message: `the key ${KEY} is not valid` } }
    const printed = vi.spyOn(console, 'error').mockImplementation(() => {})
    const result = await change([{ status: 401, body }])
    expect(printed).not.toHaveBeenCalled()
    printed.mockRestore()
    expect('reason' in result && result.reason).toMatch(/answered 401: the key … is not valid/)
  })
})

describe('what it is told', () => {
  it('marks what others wrote, hides nothing from people and carries the findings of the round before', async () => {
    const retry: Retry = {
      round: 1,
      findings: [{ rule: 'check-failed', message: 'The check test failed.', path: 'src/price.js' }],
      logs: [{ text: 'expected 3', trust: 'repository' }],
    }
    await change([{ calls: [edit] }, { say: 'done' }], { retry })
    const prompt = JSON.parse(told(0)) as { content: { text: string }[] }[]
    const said = prompt[0]?.content[0]?.text ?? ''
    const [, mark] = /<text-([0-9a-f]{16}) of="the task" from="requester">\nRaise the price to 2/.exec(said) ?? []
    expect(mark).toBeDefined()
    expect(said).toContain('check-failed in src/price.js: The check test failed.')
    expect(said).toContain(`<text-${mark} of="a log of a failed check" from="repository">\nexpected 3`)
  })

  it('is cached by Anthropic', async () => {
    await change([{ calls: [edit] }, { say: 'done' }])
    expect(server.asked[0]?.body['cache_control']).toEqual({ type: 'ephemeral' })
  })
})
