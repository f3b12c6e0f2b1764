import { chmodSync, mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { generateKeyPairSync } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { DoctorDocument } from '../src/commands/doctor.ts'
import { GraphDocument } from '../src/commands/documents/graph.ts'
import { ProposalDocument } from '../src/commands/documents/plan.ts'
import { commitTo, pawl as run } from './support/pawl.ts'

const dir = mkdtempSync(join(tmpdir(), 'pawl-cli-'))
const pawl = (args: string[], variables: Record<string, string> = {}) => run(args, dir, variables)
const DIFF =
  '```diff\n--- a/src/price.js\n+++ b/src/price.js\n@@ -1 +1 @@\n-export const price = 1\n+export const price = 2\n```\n'

beforeAll(() => {
  chmodSync(dir, 0o711)
  commitTo(join(dir, 'shop'), {
    'src/price.js': 'export const price = 1\n',
    'src/shop.js': "import { price } from './price.js'\nexport const shop = () => price\n",
    'src/"odd"<name>.js': "import './shop.js'\n",
  })
  mkdirSync(join(dir, 'empty'))
  writeFileSync(join(dir, 'request.md'), `# Raise it\n\nToo low.\n\n${DIFF}`)
  writeFileSync(join(dir, 'vague.md'), '# Make it nicer\n\nPlease.\n')
  writeFileSync(join(dir, 'no-heading.md'), 'Raise it.\n')
  writeFileSync(join(dir, 'faulty.yml'), 'lable: x\nqueue: { slots: 0 }\n')
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

test.each([
  [['--help'], /start .*demo .*rehearse .*plan .*graph .*audit .*doctor/s],
  [['--version'], /^\d+\.\d+\.\d+$/m],
  [['audit', '--help'], /list .*show .*verify .*export/s],
  [['rehearse', '--help'], /--repo .*--request .*--approve .*--config .*--data .*--requester .*--json/s],
])('%j explains itself and is no failure', async (args, expected) => {
  expect(await pawl(args)).toMatchObject({ status: 0, stdout: expect.stringMatching(expected) })
})

test.each([
  [[], /Usage: pawl/],
  [['nonsense'], /unknown command 'nonsense'.*--help/s],
  [['demo', '--fast'], /unknown option '--fast'/],
  [['rehearse'], /--repo <path>' not specified/],
  [['rehearse', '--repo', 'shop'], /--request <file>' not specified/],
  [
    ['rehearse', '--repo', 'nowhere', '--request', 'request.md'],
    /nowhere is not a git repository: name one with --repo/,
  ],
  [['rehearse', '--repo', 'shop', '--request', 'absent.md'], /absent\.md cannot be read: ENOENT/],
  [['rehearse', '--repo', 'shop', '--request', 'no-heading.md'], /has no heading: begin it with a line such as/],
  [['rehearse', '--repo', 'shop', '--request', 'request.md', '--approve', 'maybe'], /Allowed choices are auto, never/],
  [['rehearse', '--repo', 'shop', '--request', 'request.md', '--requester', 'ann'], /is not <login>:<permission>/],
  [['rehearse', '--repo', 'shop', '--request', 'request.md', '--config', 'absent.yml'], /absent\.yml cannot be read/],
  [['plan', '--repo', 'empty', '--request', 'request.md'], /empty is not a git repository/],
  [
    ['plan', '--repo', 'shop', '--request', 'request.md', '--config', 'faulty.yml'],
    /line 1: lable .* did you mean label\?.*line 2: queue\.slots must be at least 1/s,
  ],
  [['graph', '--repo', 'shop', '--commit', 'v9'], /v9 names no commit of shop: name one with --commit/],
  [['graph', '--repo', 'shop', '--format', 'svg'], /Allowed choices are json, mermaid, dot/],
  [['audit'], /Usage: pawl audit/],
  [['audit', 'show'], /missing required argument 'codename'/],
  [['audit', 'list', '--data', 'empty'], /empty holds no state of Pawl: name the directory with --data/],
])('%j is wrong use: status 2, the reason on stderr, nothing on stdout', async (args, expected) => {
  const { status, stdout, stderr } = await pawl(args)
  expect(stderr).toMatch(expected)
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).not.toMatch(/^\s+at /m)
})

test('a wrong environment is wrong use too, with every fault', async () => {
  const { status, stderr } = await pawl(['start'], { PORT: 'x', APP_ID: 'y', LOG_LEVEL: 'loud' })
  expect(status).toBe(2)
  expect(stderr).toMatch(/PORT must be.*LOG_LEVEL must be one of/s)
  expect(stderr).toContain('APP_ID must be')
})

test('a plan is printed as the comment would be, or as one JSON document', async () => {
  const args = ['plan', '--repo', 'shop', '--request', 'request.md']
  const text = await pawl(args)
  expect(text).toMatchObject({ status: 0, stdout: expect.stringContaining('Raise it') })
  expect(text.stdout).toContain('src/price.js')
  const json = await pawl([...args, '--json'])
  expect(json.status).toBe(0)
  const { plan, questions } = ProposalDocument.strict().parse(JSON.parse(json.stdout))
  expect(questions).toEqual([])
  expect(plan).toMatchObject({ impact: { direct: ['src/shop.js'] }, tasks: [{ agent: 'patch' }] })
})

test('a request that says too little has no plan but questions: status 1', async () => {
  const args = ['plan', '--repo', 'shop', '--request', 'vague.md']
  const json = await pawl([...args, '--json'])
  expect(json.status).toBe(1)
  const { plan, questions } = ProposalDocument.parse(JSON.parse(json.stdout))
  expect(plan).toBeNull()
  expect(questions.length).toBeGreaterThan(0)
  const text = await pawl(args)
  expect(text).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining(questions[0]?.message ?? 'x') })
})

test('a dependency map is printed as JSON, Mermaid or DOT, and a path is never read as syntax', async () => {
  const args = ['graph', '--repo', 'shop']
  const json = await pawl(args)
  const map = GraphDocument.strict().parse(JSON.parse(json.stdout))
  expect(map.dependencies).toEqual([
    { from: 'src/"odd"<name>.js', to: 'src/shop.js', kind: 'import' },
    { from: 'src/shop.js', to: 'src/price.js', kind: 'import' },
  ])
  expect((await pawl([...args, '--format', 'dot', '--json'])).stdout).toBe(json.stdout)
  const dot = await pawl([...args, '--format', 'dot'])
  expect(dot.stdout).toContain('  "src/\\"odd\\"<name>.js" -> "src/shop.js" [label="import"]\n')
  const mermaid = await pawl([...args, '--format', 'mermaid'])
  expect(mermaid.stdout).toContain('["src/#34;odd#34;#60;name#62;.js"]')
  expect([json.status, dot.status, mermaid.status]).toEqual([0, 0, 0])
})

test('the doctor says how to mend each thing that is missing', async () => {
  const { status, stdout } = await pawl(['doctor', '--json'])
  expect(status).toBe(1)
  const { ok, examinations } = DoctorDocument.strict().parse(JSON.parse(stdout))
  expect(ok).toBe(false)
  const of = (name: string) => examinations.find((each) => each.name === name)
  expect(of('git')).toMatchObject({ ok: true, detail: expect.stringContaining('git version') })
  expect(of('database')).toMatchObject({ ok: true, detail: 'the embedded PostgreSQL is installed' })
  expect(of('credentials')).toMatchObject({ ok: false, remedy: expect.stringContaining('npm start') })
  expect(examinations.filter((each) => !each.ok && each.remedy === '')).toEqual([])
  expect((await pawl(['doctor'])).stdout).toMatch(/^ok {4}git: .*^FAIL {2}credentials: .*\n {6}Run npm start/ms)
})

test('the doctor looks for the agents of a configuration and for the keys that they use', async () => {
  const config = `agents:
  - { use: human }
  - { use: command, name: robot, run: [no-such-program] }
  - { use: model, model: "anthropic:x" }
validation: { reviewers: [review], review: { model: "near:x" } }
`
  writeFileSync(join(dir, 'agents.yml'), config)
  const variables = { PAWL_MODEL_NEAR_URL: 'http://127.0.0.1:1/v1', PAWL_AGENT_ENV: 'ROBOT_KEY@api.example.com' }
  const { stdout } = await pawl(['doctor', '--json', '--config', 'agents.yml'], variables)
  const { examinations } = DoctorDocument.parse(JSON.parse(stdout))
  const told = examinations.filter(({ name }) => name.startsWith('agent ') || name === 'keys of agents')
  expect(told.map(({ name, ok, detail }) => [name, ok, detail])).toEqual([
    ['keys of agents', false, 'PAWL_AGENT_ENV names what is not set: ROBOT_KEY'],
    ['agent human', true, 'can work here'],
    ['agent robot', false, 'no-such-program is not installed where the sandbox shows it'],
    ['agent model', false, 'ANTHROPIC_API_KEY is not set in the app’s environment'],
  ])
  writeFileSync(join(dir, 'agents.yml'), 'agents: [{ use: robot }]\n')
  expect((await pawl(['doctor', '--config', 'agents.yml'])).stdout).toMatch(
    /FAIL {2}configuration: agents\.yml:1: agents/,
  )
})

test('the doctor examines the app on GitHub: its permissions, events and webhook', async () => {
  const answers: Record<string, object> = {
    '/api/v3/app': { slug: 'pawl', permissions: { contents: 'read', issues: 'write' }, events: ['push'] },
    '/api/v3/app/hook/config': { url: 'https://pawl.example/api/github/webhooks' },
  }
  const github = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answers[request.url ?? '']))
  }).listen(0, '127.0.0.1')
  await once(github, 'listening')
  const { port } = github.address() as AddressInfo
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  writeFileSync(join(dir, 'key.pem'), privateKey)
  const variables = {
    APP_ID: '7',
    PRIVATE_KEY_PATH: 'key.pem',
    WEBHOOK_SECRET: 'hush',
    GITHUB_SERVER_URL: `http://127.0.0.1:${port}`,
    DATABASE_URL: inject('databaseServer'),
  }
  const { stdout, status } = await pawl(['doctor', '--json'], variables)
  github.close()
  const { examinations } = DoctorDocument.parse(JSON.parse(stdout))
  const of = (name: string) => examinations.find((each) => each.name === name)
  expect(status).toBe(1)
  expect(of('database')).toMatchObject({ ok: true, detail: expect.stringMatching(/^PostgreSQL 18/) })
  expect(of('credentials')).toMatchObject({ ok: true, detail: 'GitHub knows the app as pawl' })
  expect(of('permissions')).toMatchObject({ ok: false, detail: expect.stringContaining('contents: write') })
  expect(of('permissions')?.detail).not.toContain('issues')
  expect(of('events')).toMatchObject({ ok: false, detail: expect.stringContaining('check_suite') })
  expect(of('webhook')).toMatchObject({ ok: true, detail: 'https://pawl.example/api/github/webhooks' })
  expect(stdout).not.toContain('hush')

  const cut = await pawl(['doctor', '--json'], { ...variables, DATABASE_URL: 'postgres://127.0.0.1:1/none' })
  const failed = DoctorDocument.parse(JSON.parse(cut.stdout)).examinations.filter(({ ok }) => !ok)
  expect(failed.map(({ name }) => name)).toEqual(expect.arrayContaining(['database', 'credentials']))
  const keyless = await pawl(['doctor'], { ...variables, PRIVATE_KEY_PATH: 'absent.pem' })
  expect(keyless.stdout).toMatch(/FAIL {2}environment: PRIVATE_KEY_PATH cannot be read/)
})
