import { describe, expect, it } from 'vitest'
import { judgePreflight, type PreflightFacts } from '../../src/policy/preflight.ts'

const MB = 1024 * 1024
const good: PreflightFacts = {
  now: 1_000,
  since: 0,
  timeout: 600_000,
  boot: [],
  updates: [],
  ahead: 0,
  slots: 10,
  overdrawn: [],
  probes: [{ probe: 'web', at: '2026-05-01T12:00:00Z', ok: true, ms: 4, detail: '200' }],
  checks: {
    head: 'a'.repeat(40),
    expected: { mode: 'named', names: ['test'], workflows: 0 },
    runs: [
      {
        id: 1,
        name: 'test',
        app: 'github-actions',
        suite: 1,
        status: 'completed',
        conclusion: 'success',
        startedAt: null,
        completedAt: null,
        url: 'https://github.example/run/1',
      },
    ],
    trusted: ['github-actions'],
    appears: 60_000,
  },
  memory: { free: 512 * MB, floor: 256 * MB },
  disk: { free: 4_096 * MB, floor: 1_024 * MB },
  services: [{ url: 'https://registry.example', ok: true, detail: '200' }],
  github: {
    ok: true,
    permissions: { contents: 'write', metadata: 'read', administration: 'admin' },
    needed: { contents: 'write', metadata: 'read', administration: 'read' },
    rate: { remaining: 4_000, limit: 5_000, reset: 900_000 },
    needs: 60,
  },
  lock: null,
  config: [],
  agents: [],
  sandbox: { needed: false, ok: false, reason: 'bwrap is not installed', remedy: 'Install bubblewrap.' },
  deployment: { via: 'deployment', environment: 'production', workflow: true, botSeen: false },
}
function judge(more: Partial<PreflightFacts>) {
  const { verdict, findings } = judgePreflight({ ...good, ...more })
  const bare = findings.filter((finding) => finding.severity === 'error' && !finding.remedy)
  if (bare.length > 0) return `without a remedy: ${bare.map((finding) => finding.rule).join(', ')}`
  return `${verdict}: ${findings.map((finding) => finding.rule).join(', ')}`
}
const checks = good.checks
if (checks === null) throw new Error('the good case has checks')
const runs = checks.runs.map((run) => ({ ...run, status: 'in_progress', conclusion: null }))

describe('judgePreflight', () => {
  it('passes when everything is well', () => {
    expect(judge({})).toBe('pass: ')
  })

  it('PRE-1 lets an update wait its turn behind another, and not behind a lock that nobody carries out', () => {
    const lock = { holder: 'calm-otter', since: '2026-05-01T12:00:00Z', stale: false }
    expect(judge({ updates: ['calm-otter'], lock })).toBe('pass: ')
    expect(judge({ lock })).toBe('wait: lock-held')
    expect(judge({ lock, now: 600_000 })).toBe('fail: lock-held')
    expect(judge({ lock: { ...lock, stale: true } })).toBe('fail: lock-held')
  })

  it('PRE-2 refuses when the queue is full', () => {
    const updates = Array.from({ length: 12 }, (_, at) => `c${at}`)
    expect(judge({ updates, ahead: 10 })).toBe('fail: queue-full')
    expect(judge({ updates, ahead: 9 })).toBe('pass: ')
  })

  it('PRE-3 refuses when the app did not boot cleanly or the deployed service is not healthy', () => {
    const probes = [{ probe: 'web', at: '2026-05-01T12:00:00Z', ok: false, ms: 4, detail: '503' }]
    expect(judge({ boot: ['the database has an old schema'], probes })).toBe('fail: boot-failed, probe-failing')
  })

  it('PRE-4 judges the checks on the head of the default branch', () => {
    const failing = checks.runs.map((run) => ({ ...run, conclusion: 'failure' }))
    expect(judge({ checks: { ...checks, runs: failing } })).toBe('fail: base-checks-failing')
    expect(judge({ checks: { ...checks, runs } })).toBe('wait: base-checks-pending')
    expect(judge({ checks: { ...checks, runs }, now: 600_000 })).toBe('fail: base-checks-pending')
    expect(judge({ checks: { ...checks, runs: [] }, now: 60_000 })).toBe('fail: base-checks-missing')
    expect(judge({ checks: null })).toBe('pass: ')
  })

  it('PRE-5 refuses below the floors, and where they cannot be measured', () => {
    const low = { memory: { free: 255 * MB, floor: 256 * MB }, disk: { free: Number.NaN, floor: 1 } }
    expect(judge(low)).toBe('fail: memory-low, disk-low')
  })

  it('PRE-6 refuses when a configured service does not answer', () => {
    const services = [{ url: 'https://registry.example', ok: false, detail: 'answered 502' }]
    expect(judge({ services })).toBe('fail: service-down')
  })

  it('PRE-7 wants GitHub to answer, every permission of later steps, and requests for a whole update', () => {
    const silent = { ok: false as const, detail: 'connection refused' }
    expect(judge({ github: silent })).toBe('wait: github-unreachable')
    expect(judge({ github: silent, now: 600_000 })).toBe('fail: github-unreachable')
    const github = {
      ok: true as const,
      permissions: { contents: 'read', metadata: 'read' },
      needed: { contents: 'write', deployments: 'write', metadata: 'read' },
      rate: { remaining: 59, limit: 5_000, reset: 900_000 },
      needs: 60,
    }
    expect(judge({ github })).toBe('fail: permission-missing, permission-missing, rate-limit-low')
  })

  it('PRE-9 reports every fault of the configuration with its line', () => {
    const config = [
      { line: 2, column: 1, path: 'quue', message: 'quue is not a setting here', remedy: 'did you mean queue?' },
      {
        line: 5,
        column: 1,
        path: 'theme',
        message: 'x is none of the possible values',
        remedy: 'possible here: plain',
      },
    ]
    const { findings } = judgePreflight({ ...good, config })
    expect(findings.map(({ rule, path, line }) => [rule, path, line])).toEqual([
      ['config-invalid', '.github/pawl.yml', 2],
      ['config-invalid', '.github/pawl.yml', 5],
    ])
  })

  it('wants the sandbox and the agents that the configuration needs', () => {
    const agents = [{ name: 'codex', reason: 'OPENAI_API_KEY is not set', remedy: 'The operator sets it.' }]
    expect(judge({ agents, sandbox: { ...good.sandbox, needed: true } })).toBe('fail: agent-missing, sandbox-missing')
  })

  it('warns of a deployment that nobody would hear, without stopping for it', () => {
    const deployment = { via: 'deployment', environment: 'production', workflow: false, botSeen: false }
    expect(judge({ deployment })).toBe('pass: deployment-unheard')
    expect(judge({ deployment: { ...deployment, botSeen: true } })).toBe('pass: ')
    expect(judge({ deployment: { ...deployment, via: 'process' } })).toBe('pass: ')
  })

  it('reports all that fails at once, and waits only when nothing fails', () => {
    const services = [{ url: 'https://registry.example', ok: false, detail: 'answered 502' }]
    expect(judge({ boot: ['x'], services, checks: { ...checks, runs } })).toBe(
      'fail: boot-failed, service-down, base-checks-pending',
    )
  })
})
