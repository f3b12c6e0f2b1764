import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AgentContext } from '../../src/agents/agent.ts'
import { createAgents } from '../../src/agents/choose.ts'
import { recipeAgent, type RecipeSetting } from '../../src/agents/recipe.ts'
import type { AgentSetting } from '../../src/config.ts'
import { createSandbox } from '../../src/sandbox/sandbox.ts'
import { agentTask } from './fixtures.ts'

const apply = async () => ({ ok: true }) as const
const nothing = { keys: [], servers: {} }
const recipe = (name: string, run: string[], more: Partial<RecipeSetting> = {}): RecipeSetting => {
  return { use: 'recipe', name, run, network: [], timeout: 5_000, ...more }
}

describe('the agents of a configuration', () => {
  it('are those that this version has, in their order', () => {
    const { agents, missing } = createAgents([recipe('format', ['true']), { use: 'patch' }], apply, nothing)
    expect(agents.map(({ name, exact }) => [name, exact])).toEqual([
      ['format', true],
      ['patch', true],
    ])
    expect(missing).toEqual([])
  })

  it('accept what they can do and nothing else', () => {
    const { agents } = createAgents([{ use: 'patch' }, recipe('format', ['true'])], apply, nothing)
    const accepting = (source: Parameters<(typeof agents)[0]['accepts']>[0]['source']) =>
      agents.filter((agent) => agent.accepts({ source })).map(({ name }) => name)
    expect(accepting({ kind: 'diff', diff: '' })).toEqual(['patch'])
    expect(accepting({ kind: 'files', files: [] })).toEqual(['patch'])
    expect(accepting({ kind: 'recipe', recipe: 'format' })).toEqual(['format'])
    expect(accepting({ kind: 'recipe', recipe: 'other' })).toEqual([])
    expect(accepting({ kind: 'words', text: 'please', trust: 'requester' })).toEqual([])
  })

  it('that cannot work here are named with reason and remedy, and are no agents', () => {
    const budget = { steps: 1, tokens: 1_000, usd: 1, time: 1_000 }
    const model = { use: 'model' as const, budget, prices: null, commands: [] }
    const tool = { use: 'command' as const, network: ['api.example.com'], timeout: 1_000 }
    const settings: AgentSetting[] = [
      { ...model, name: 'unknown', model: 'nowhere:model' },
      { ...model, name: 'keyless', model: 'anthropic:model' },
      { ...tool, name: 'absent', run: ['no-such-agent'], env: [] },
      { ...tool, name: 'elsewhere', run: ['/root/agent'], env: [] },
      { ...tool, name: 'unlent', run: ['node'], env: ['PATH'] },
      { ...tool, name: 'unset', run: ['env', 'A=b', 'node'], env: ['KEY'] },
      { ...tool, name: 'offline', run: ['sh'], env: ['OTHER'], network: [] },
    ]
    const { agents, missing } = createAgents(settings, apply, {
      keys: [
        { name: 'KEY', origin: 'https://api.example.com', value: null },
        { name: 'OTHER', origin: 'https://api.example.com', value: 'x' },
      ],
      servers: { anthropic: { api: 'anthropic', url: null, key: null } },
    })
    expect(agents).toEqual([])
    expect(missing.map(({ name, reason }) => [name, reason])).toEqual([
      ['unknown', 'there is no server called nowhere'],
      ['keyless', 'ANTHROPIC_API_KEY is not set in the app’s environment'],
      ['absent', 'no-such-agent is not installed where the sandbox shows it'],
      ['elsewhere', '/root/agent is not installed where the sandbox shows it'],
      ['unlent', 'it asks for PATH, which the operator does not lend to agents'],
      ['unset', 'KEY is not set in the app’s environment'],
      ['offline', 'it has keys for a server and no network to reach it'],
    ])
    for (const { remedy } of missing) expect(remedy).toMatch(/^[A-Z].*\.$/)
  })
})

describe('a recipe', () => {
  let workspace: string
  beforeEach(async () => {
    workspace = await mkdtemp(join(tmpdir(), 'pawl-recipe-'))
  })
  afterEach(() => rm(workspace, { recursive: true, force: true }))

  const sandbox = createSandbox()
  const context = (): AgentContext => ({
    workspace,
    signal: AbortSignal.timeout(20_000),
    exec: (command, { timeoutMs = 5_000, network = [] } = {}) =>
      sandbox.run(command, { workspace, timeoutMs, network, signal: AbortSignal.timeout(20_000) }),
    progress: () => {},
    spend: () => {},
  })
  const change = (setting: RecipeSetting) =>
    recipeAgent(setting).change(agentTask({ kind: 'recipe', recipe: setting.name }), null, context())

  it('changes the workspace by its command, run in the sandbox', async () => {
    const result = await change(recipe('write', ['sh', '-c', 'echo formatted > a.txt; ls /root 2>&1 > list; true']))
    expect(result).toEqual({ state: 'done', summary: 'ran the recipe write' })
    expect(await readFile(join(workspace, 'a.txt'), 'utf8')).toBe('formatted\n')
    expect(await readFile(join(workspace, 'list'), 'utf8')).toBe('')
  })

  it('that fails says what it printed and how it ended', async () => {
    const result = await change(recipe('lint', ['sh', '-c', 'echo 3 problems; exit 2']))
    expect(result).toMatchObject({ state: 'failed', retryable: false })
    expect('reason' in result && result.reason).toMatch(/ended with exit status 2:\n3 problems$/)
  })

  it('that takes longer than its configured time is stopped', async () => {
    const result = await change(recipe('slow', ['sleep', '60'], { timeout: 300 }))
    expect('reason' in result && result.reason).toContain('took longer than 0.3 s')
  })

  it('is not run again in the fix loop', async () => {
    const agent = recipeAgent(recipe('format', ['touch', 'ran']))
    const task = agentTask({ kind: 'recipe', recipe: 'format' })
    const result = await agent.change(task, { round: 1, findings: [], logs: [] }, context())
    expect(result).toMatchObject({ state: 'failed', retryable: false })
    await expect(readFile(join(workspace, 'ran'))).rejects.toThrow('ENOENT')
  })
})
