import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { MESSAGE_NAMES, type Config } from '../../src/config.ts'
import { USUAL_REVIEWERS } from '../../src/config/risk.ts'
import { knownKeys } from '../../src/config/faults.ts'
import { parseConfig } from '../../src/config/parse.ts'
import { parseDuration, parsePercentage, parseSize } from '../../src/config/units.ts'

const read = (text: string) => {
  const parsed = parseConfig(text)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  return parsed
}
const config = (text: string): Config => read(text).config

test.each(['# nothing yet\n', '{}', 'label:\nqueue:\n', 'health: { probes: null }', '---\n', '\uFEFF'])(
  '%j is all defaults, as an empty file is',
  (text) => {
    expect(read(text).canonical).toBe(read('').canonical)
  },
)

test('the defaults are those of the manual', () => {
  expect(config('')).toEqual({
    label: 'pawl',
    authorised: { permission: 'write', users: [], teams: [] },
    approval: {
      permission: 'write',
      users: [],
      teams: [],
      requester: true,
      count: {
        low: 1,
        medium: 1,
        high: 2,
      },
      expires: 7 * 864e5,
      remind: 3 * 864e5,
    },
    queue: { slots: 10, onFailure: 'clear' },
    preflight: { checks: true, services: [], memory: 256 * 1024 ** 2, disk: 1024 ** 3 },
    agents: [{ use: 'patch' }],
    planner: { use: 'rules' },
    protected: ['.github/workflows/**', '.github/pawl.yml', 'CODEOWNERS', '.github/CODEOWNERS', 'docs/CODEOWNERS'],
    deviation: 'stop',
    limits: { file: 5 * 1024 ** 2 },
    validation: {
      round1: { checks: 'auto', appears: 300_000, timeout: 3_600_000, retries: 1, fixes: 2 },
      round2: { checks: 'auto', appears: 300_000, timeout: 3_600_000, retries: 1 },
      reviewers: [...USUAL_REVIEWERS],
      review: null,
    },
    risk: {
      rules: {},
      own: [],
      levels: {
        low: { reviewers: [], soak: null },
        medium: { reviewers: [], soak: null },
        high: { reviewers: [], soak: null },
      },
    },
    merge: { method: 'squash' },
    deploy: {
      via: 'deployment',
      environment: 'production',
      timeout: 18e5,
      workflow: null,
      process: null,
      release: { tag: 'pawl-{codename}' },
    },
    health: { probes: [], soak: 600_000, margin: 0.2, failures: 3, inconclusive: 'hold' },
    rollback: { branch: 'direct' },
    theme: 'plain',
    messages: {},
  })
})

test('every key takes the values of the manual', () => {
  const text = `
label: "ship it"
authorised: { permission: maintain, users: [Ann, "renovate[bot]"], teams: [Acme/release-managers] }
approval: { permission: admin, users: [Bob], teams: [core], requester: false, count: { low: 1, medium: 2, high: 3 }, expires: 2d, remind: 1h }
queue: { slots: 3, onFailure: keep }
preflight: { checks: false, services: [ { url: "https://api.example/up", expect: 204, within: 3s } ], memory: 1GB, disk: 2TB }
agents:
  - { use: recipe, name: format, run: [npm, run, format], network: [registry.example], timeout: 1m }
  - { use: model, model: "anthropic:some", budget: { steps: 7, tokens: 1000, usd: 0.5, time: 5m }, prices: { input: 3, output: 15 }, commands: [[npm, test]] }
  - { use: command, name: codex, run: [codex, exec, "-"], network: ["*.example:443"], env: [API_KEY], timeout: 2h }
  - { use: human, timeout: 1d }
  - { use: patch }
planner: { use: model, model: "anthropic:some", budget: { usd: 0.5 }, prices: { input: 3, output: 15 } }
protected: ["infra/**"]
deviation: approve
limits: { file: 10KB }
validation:
  round1: { checks: [build, test, build], appears: 1m, timeout: 2m, retries: 0, fixes: 0 }
  round2: { checks: [], appears: 30s, timeout: 90s, retries: 2 }
  reviewers: [secrets]
risk:
  rules: { untested: off, migration: medium }
  own: [{ name: payments, level: high, paths: ["src/pay/**"], why: "Money moves here." }]
  levels: { high: { reviewers: [dependencies, tests], soak: 1h } }
merge: { method: rebase }
deploy: { via: workflow, environment: staging, timeout: 5m, workflow: { file: ship.yaml, inputs: { sha: "{sha}" } } }
health:
  probes:
    - { url: "http://x.example/health", expect: 418, within: 1s, interval: 2s }
    - { name: self, run: [node, check.js] }
  soak: 2m
  margin: 12.5%
  failures: 1
  inconclusive: rollback
rollback: { branch: pull-request }
triggers: { default-branch-red: false, probe-failed: false, dependabot: "off", schedule: [] }
theme: space
messages: { success: "Done, {codename}!" }
`
  expect(config(text)).toEqual({
    label: 'ship it',
    authorised: { permission: 'maintain', users: ['ann', 'renovate[bot]'], teams: ['acme/release-managers'] },
    approval: {
      permission: 'admin',
      users: ['bob'],
      teams: ['core'],
      requester: false,
      count: {
        low: 1,
        medium: 2,
        high: 3,
      },
      expires: 1728e5,
      remind: 36e5,
    },
    queue: { slots: 3, onFailure: 'keep' },
    preflight: {
      checks: false,
      memory: 1024 ** 3,
      disk: 2 * 1024 ** 4,
      services: [
        {
          url: 'https://api.example/up',
          expect: 204,
          within: 3e3,
        },
      ],
    },
    agents: [
      { use: 'recipe', name: 'format', run: ['npm', 'run', 'format'], network: ['registry.example'], timeout: 60_000 },
      {
        use: 'model',
        name: 'model',
        model: 'anthropic:some',
        budget: { steps: 7, tokens: 1_000, usd: 0.5, time: 300_000 },
        prices: { input: 3, output: 15 },
        commands: [['npm', 'test']],
      },
      {
        use: 'command',
        name: 'codex',
        run: ['codex', 'exec', '-'],
        network: ['*.example:443'],
        env: ['API_KEY'],
        timeout: 72e5,
      },
      { use: 'human', timeout: 86_400_000 },
      { use: 'patch' },
    ],
    planner: {
      use: 'model',
      model: 'anthropic:some',
      budget: { steps: 20, tokens: 100_000, usd: 0.5, time: 180_000 },
      prices: { input: 3, output: 15 },
    },
    protected: ['infra/**'],
    deviation: 'approve',
    limits: { file: 10_240 },
    validation: {
      round1: { checks: ['build', 'test'], appears: 60_000, timeout: 120_000, retries: 0, fixes: 0 },
      round2: { checks: [], appears: 30_000, timeout: 90_000, retries: 2 },
      reviewers: ['secrets'],
      review: null,
    },
    risk: {
      rules: { untested: 'off', migration: 'medium' },
      own: [{ name: 'payments', level: 'high', paths: ['src/pay/**'], why: 'Money moves here.' }],
      levels: {
        low: { reviewers: [], soak: null },
        medium: { reviewers: [], soak: null },
        high: { reviewers: ['dependencies', 'tests'], soak: 36e5 },
      },
    },
    merge: { method: 'rebase' },
    deploy: {
      via: 'workflow',
      environment: 'staging',
      timeout: 3e5,
      process: null,
      workflow: {
        file: 'ship.yaml',
        inputs: { sha: '{sha}' },
      },
      release: { tag: 'pawl-{codename}' },
    },
    health: {
      probes: [
        {
          kind: 'http',
          name: 'http://x.example/health',
          url: 'http://x.example/health',
          expect: 418,
          within: 1e3,
          interval: 2e3,
        },
        {
          kind: 'command',
          name: 'self',
          run: ['node', 'check.js'],
          within: 2e3,
          interval: 15e3,
        },
      ],
      soak: 12e4,
      margin: 0.125,
      failures: 1,
      inconclusive: 'rollback',
    },
    rollback: { branch: 'pull-request' },
    theme: 'space',
    messages: { success: 'Done, {codename}!' },
  })
})

test('a process is configured with all its keys, or with its command only', () => {
  const of = (process: string) => config(`deploy: { via: process, process: ${process} }`).deploy.process
  expect(of('{ run: [node, server.js] }')).toEqual({
    prepare: null,
    run: ['node', 'server.js'],
    variable: 'PORT',
    health: '/health',
    ready: 1e4,
    stop: 1e4,
    address: '127.0.0.1',
    port: 8080,
    env: {},
  })
  const all =
    '{ prepare: [npm, ci], run: [node, s.js], variable: P, health: /up, ready: 1s, stop: 2s, address: "::1", port: 0, env: { A: b } }'
  expect(of(all)).toEqual({
    prepare: ['npm', 'ci'],
    run: ['node', 's.js'],
    variable: 'P',
    health: '/up',
    ready: 1e3,
    stop: 2e3,
    address: '::1',
    port: 0,
    env: { A: 'b' },
  })
})

test('the reviewer that is a model may be asked for by a level of risk alone', () => {
  const { risk, validation } = config(
    'validation: { review: { model: "a:b", budget: { usd: 1 } } }\nrisk: { levels: { high: { reviewers: [review] } } }',
  )
  expect(risk.levels.high.reviewers).toEqual(['review'])
  expect(validation.review?.budget).toEqual({ steps: 3, tokens: 200_000, usd: 1, time: 300_000 })
})

test('who may approve is whoever is authorised, where approval does not say otherwise', () => {
  const { approval } = config('authorised: { permission: admin, users: [ann], teams: [core] }\napproval: { users: [] }')
  expect(approval).toMatchObject({ permission: 'admin', users: [], teams: ['core'] })
})

test('the canonical text depends on what is set, not on how it is written', () => {
  const flow = read('queue: { slots: 3, onFailure: keep }\nlabel: x').canonical
  expect(read('label: "x"\n# why\nqueue:\n  onFailure: keep\n  slots: 3\n').canonical).toBe(flow)
  expect(read('queue: { slots: 4, onFailure: keep }\nlabel: x').canonical).not.toBe(flow)
})

test.each([
  ['0s', 0],
  ['250ms', 250],
  ['15s', 15_000],
  ['10m', 600_000],
  [' 2h ', 7_200_000],
  ['365d', 365 * 86_400_000],
  ['366d', null],
  ['10', null],
  ['10 m', null],
  ['1.5h', null],
  ['-1s', null],
  ['10w', null],
  ['1h30m', null],
  ['9999999999ms', null],
])('the duration %j is %j ms', (text, ms) => expect(parseDuration(text)).toBe(ms))

test.each([
  ['0B', 0],
  ['1KB', 1024],
  ['256MB', 268_435_456],
  ['1TB', 1024 ** 4],
  ['1 GB', null],
  ['1gb', null],
  ['1GiB', null],
  ['5', null],
])('the size %j is %j bytes', (text, bytes) => expect(parseSize(text)).toBe(bytes))

test.each([
  ['20%', 0.2],
  ['0%', 0],
  ['0.5%', 0.005],
  ['20', null],
  ['-5%', null],
  ['20 %', null],
])('the percentage %j is %j', (text, fraction) => expect(parsePercentage(text)).toBe(fraction))

test('the manual names every key', () => {
  const manual = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8')
  const keysBelow = (path: string[]): string[] =>
    knownKeys(path, {}).flatMap((key) => {
      // Messages, triggers and risk rules have documents of their own.
      const told = ['messages', 'triggers', 'rules'].includes(key)
      const below = path.length < 2 && !told ? keysBelow([...path, key]) : []
      return below.length > 0 ? below : [key]
    })
  const keys = keysBelow([])
  expect(keys.length).toBeGreaterThan(40)
  expect(keys.filter((key) => !new RegExp(`\\b${key}\\b`).test(manual))).toEqual([])
  const messages = readFileSync(new URL('../../docs/messages.md', import.meta.url), 'utf8')
  expect(MESSAGE_NAMES.filter((name) => !messages.includes(name))).toEqual([])
})
