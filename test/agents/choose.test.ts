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
const recipe = (name: string, run: string[], more: Partial<RecipeSetting> = {}): RecipeSetting => {
  return { use: 'recipe', name, run, network: [], timeout: 5_000, ...more }
}

describe('the agents of a configuration', () => {
  it('are those that this version has, in their order', () => {
    const { agents, missing } = createAgents([recipe('format', ['true']), { use: 'patch' }], apply)
    expect(agents.map(({ name, exact }) => [name, exact])).toEqual([
      ['format', true],
      ['patch', true],
    ])
    expect(missing).toEqual([])
  })

  it('accept what they can do and nothing else', () => {
    const { agents } = createAgents([{ use: 'patch' }, recipe('format', ['true'])], apply)
    const accepting = (source: Parameters<(typeof agents)[0]['accepts']>[0]['source']) =>
      agents.filter((agent) => agent.accepts({ source })).map(({ name }) => name)
    expect(accepting({ kind: 'diff', diff: '' })).toEqual(['patch'])
    expect(accepting({ kind: 'files', files: [] })).toEqual(['patch'])
    expect(accepting({ kind: 'recipe', recipe: 'format' })).toEqual(['format'])
    expect(accepting({ kind: 'recipe', recipe: 'other' })).toEqual([])
    expect(accepting({ kind: 'words', text: 'please', trust: 'requester' })).toEqual([])
  })

  it('that this version lacks are named with reason and remedy, and are no agents', () => {
    const settings: AgentSetting[] = [
      { use: 'model', name: 'writer', model: 'some:model', budget: { tokens: 1_000, usd: 1, time: 1_000 } },
      { use: 'command', name: 'tool', run: ['tool'], network: [], env: [], timeout: 1_000 },
      { use: 'human', timeout: 1_000 },
      recipe('update', ['npm', 'update'], { network: ['registry.example.com'] }),
    ]
    const { agents, missing } = createAgents(settings, apply)
    expect(agents).toEqual([])
    expect(missing.map(({ name }) => name)).toEqual(['writer', 'tool', 'human', 'update'])
    expect(missing[0]?.reason).toContain('model is not available in this version')
    expect(missing[3]?.reason).toContain('registry.example.com')
    for (const { remedy } of missing) expect(remedy).toContain('.github/pawl.yml')
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
    spend: () => true,
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
