import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { AgentContext } from '../../src/agents/agent.ts'
import { agentTask } from '../agents/fixtures.ts'
import { licenceAgent } from './example-agent.ts'

const here = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

test('the example of CONTRIBUTING.md is the one that is run here, and shorter than 40 lines', () => {
  const [, shown = ''] = /```ts\n(import [^]*?)```/.exec(here('../../CONTRIBUTING.md')) ?? []
  expect(shown).toBe(here('./example-agent.ts').replace('../../src/agents/agent.ts', './agent.ts'))
  expect(shown.split('\n').length).toBeLessThan(40)
})

test('the example fulfils the contract of an agent', async () => {
  const workspace = await mkdtemp(join(tmpdir(), 'pawl-example-'))
  try {
    await mkdir(join(workspace, 'src'))
    await writeFile(join(workspace, 'src/a.ts'), 'export const a = 1\n')
    await writeFile(join(workspace, 'src/b.ts'), '// MIT\nexport const b = 1\n')
    const agent = licenceAgent('// MIT')
    const words = { kind: 'words', text: 'Put the licence header everywhere.', trust: 'requester' } as const
    expect(agent.accepts({ source: words })).toBe(true)
    const context: AgentContext = {
      workspace,
      signal: AbortSignal.timeout(10_000),
      exec: () => Promise.reject(new Error('nothing is run')),
      progress: () => {},
      spend: () => {},
    }
    const task = agentTask(words)
    expect(await agent.change(task, null, context)).toEqual({ state: 'done', summary: '1 licence headers' })
    expect(await readFile(join(workspace, 'src/a.ts'), 'utf8')).toBe('// MIT\nexport const a = 1\n')
    const retry = { round: 1, findings: [], logs: [] }
    expect(await agent.change(task, retry, context)).toMatchObject({ state: 'failed', retryable: false })
  } finally {
    await rm(workspace, { recursive: true, force: true })
  }
})
