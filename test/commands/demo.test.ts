import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RehearsalDocument } from '../../src/commands/rehearsal/document.ts'
import { startModelServer, type ModelServer } from '../support/model-server.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const temporary = mkdtempSync(join(tmpdir(), 'pawl-demo-test-'))
chmodSync(temporary, 0o711)
let group: number | undefined
let model: ModelServer
beforeAll(async () => {
  const edit = (path: string, before: string, after: string) => ({ tool: 'edit', input: { path, before, after } })
  model = await startModelServer([
    { calls: [{ tool: 'read', input: { path: 'src/greeting.js' } }] },
    {
      calls: [
        edit('src/greeting.js', 'name.trim() ||', "name.trim().replace(/\\s*,\\s*/, ' and ') ||"),
        edit(
          'test/greeting.test.js',
          "test('says hello to somebody'",
          "test('says hello to two', () => {\n  assert.equal(greeting('Ada,Grace'), 'Hello, Ada and Grace!')\n})\n\ntest('says hello to somebody'",
        ),
      ],
    },
    { say: 'Two names are joined by "and".' },
  ])
})
afterAll(async () => {
  await model.close()
  if (group !== undefined) process.kill(-group, 'SIGKILL')
  rmSync(temporary, { recursive: true, force: true })
})

test(
  'npm run demo tells four requests to their ends and a fifth by a model, prints one document, serves its pages and leaves nothing',
  { timeout: 300_000 },
  async () => {
    // A group of its own, as a terminal gives it: Ctrl-C reaches npm, the shell, the demo and what it started.
    const demo = spawn('npm', ['run', 'demo', '--', '--json', '--serve', '--model', 'scripted:writer'], {
      cwd: root,
      env: {
        PATH: process.env['PATH'],
        HOME: temporary,
        TMPDIR: temporary,
        PAWL_MODEL_SCRIPTED_URL: model.url,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    group = demo.pid
    let stdout = ''
    let stderr = ''
    demo.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    demo.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    const ended = once(demo, 'close')
    const over = ended.then(() => true)
    let early = false
    while (!stderr.includes('Ctrl-C ends it') && !early) {
      early = await Promise.race([once(demo.stderr, 'data').then(() => false), over])
    }
    expect({ early, stderr: early ? stderr : '' }).toEqual({ early: false, stderr: '' })

    const { updates, audit, accuracy } = RehearsalDocument.strict().parse(JSON.parse(stdout))
    expect(updates.map(({ outcome }) => outcome)).toEqual([
      'succeeded',
      'failed',
      'rolled-back',
      'cleared',
      'succeeded',
      'succeeded',
    ])
    expect(audit.verified).toBe(true)
    const [, stopped, ill, cleared, again, byModel] = updates
    expect(byModel?.actual.files).toEqual(['src/greeting.js', 'test/greeting.test.js'])
    // PLAN-14: the files of every ready change are known beforehand, the time is of those that came to their end.
    expect(updates.map((update) => update.accuracy?.files.precision)).toEqual([1, 1, 1, undefined, 1, null])
    expect(accuracy).toMatchObject({ updates: 3, precision: 1, recall: 1 })
    const whole = [updates[0], again, byModel].map((update) => update?.codename)
    expect(accuracy.overTime.map(({ codename }) => codename)).toEqual(whole)
    expect(stopped).toMatchObject({ merged: null, deployments: [] })
    expect(stopped?.findings.map(({ rule }) => rule)).toContain('check-failed')
    expect(ill?.merged).not.toBeNull()
    expect(ill?.final.tree).toBe(ill?.snapshot?.tree)
    expect(ill?.certificate).toMatchObject({ restoration: 'exact', final: { tree: ill?.snapshot?.tree } })
    expect(ill?.deployments.map(({ state }) => state)).toEqual(['success', 'success'])
    expect([cleared?.issue, cleared?.snapshot]).toEqual([again?.issue, null])

    const addresses = [...stderr.matchAll(/http:\/\/127\.0\.0\.1:\d+[\w/-]*/g)].map(([address]) => address)
    expect(addresses).toHaveLength(2)
    for (const address of addresses) expect((await fetch(address)).status).toBe(200)
    process.kill(-(demo.pid ?? 0), 'SIGINT')
    await ended
    group = undefined
    expect(readdirSync(temporary).filter((name) => name.startsWith('pawl-'))).toEqual([])
  },
)
