import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { hashOf } from '../../src/audit/event.ts'
import {
  AuditExportDocument,
  AuditListDocument,
  AuditShowDocument,
  AuditVerifyDocument,
} from '../../src/commands/documents/audit.ts'
import { RehearsalDocument } from '../../src/commands/rehearsal/document.ts'
import { change, CI, NO_DEPLOYMENT } from '../support/world.ts'
import { commitTo, pawl as run, startPawl, type Running } from '../support/pawl.ts'

const dir = mkdtempSync(join(tmpdir(), 'pawl-rehearse-'))
const temporary = join(dir, 'tmp')
const variables = { TMPDIR: temporary }
/** Each starts a GitHub, an app and a database in a process of its own. */
const SLOW = { timeout: 120_000 }
const running: Running[] = []
const pawl = (...args: string[]) => run(args, dir, variables)
const start = (...args: string[]) => {
  const one = startPawl(args, dir, variables)
  running.push(one)
  return one
}

beforeAll(() => {
  chmodSync(dir, 0o711)
  mkdirSync(temporary)
  chmodSync(temporary, 0o711)
  commitTo(join(dir, 'my shop'), {
    'src/price.js': 'export const price = 1\n',
    '.github/workflows/ci.yml': CI,
    '.github/pawl.yml': NO_DEPLOYMENT,
  })
  const ask = (file: string, from: string) =>
    writeFileSync(join(dir, file), `# Raise it\n\n${change(`export const price = ${from}`, 'export const price = 2')}`)
  ask('good.md', '1')
  ask('bad.md', '7')
  writeFileSync(join(dir, 'deployed.yml'), 'health: { soak: 1ms }\n')
  writeFileSync(join(dir, 'own.yml'), '{ label: "ship it", deploy: { via: none }, health: { soak: 1ms } }\n')
})
afterEach(() => {
  for (const { child } of running.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** Processes of PostgreSQL whose data lie below our directory. */
const servers = () =>
  readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`-D\0${dir}`)
      } catch {
        return false
      }
    })
const only = (text: string) => RehearsalDocument.strict().parse(JSON.parse(text))

test(
  'a change goes all the way to its deployment in at most 25 requests, 8 of them creating content, and leaves nothing behind',
  SLOW,
  async () => {
    const asked = ['--repo', 'my shop', '--request', 'good.md', '--config', 'deployed.yml', '--json']
    const { status, stdout, stderr } = await pawl('rehearse', ...asked)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const { updates, api, audit, accuracy } = only(stdout)
    expect(updates).toMatchObject([
      {
        outcome: 'succeeded',
        predicted: { files: ['src/price.js'] },
        actual: { files: ['src/price.js'] },
        approval: [{ login: 'maintainer', digest: expect.any(String) }],
        certificate: null,
        accuracy: { files: { precision: 1, recall: 1 }, tasks: { predicted: 1, actual: 1 } },
      },
    ])
    // PLAN-14
    const duration = updates[0]?.accuracy?.duration
    expect(duration?.actual).toBeGreaterThan(0)
    const error = (duration?.actual ?? 0) / (duration?.p50 ?? 1) - 1
    expect(accuracy).toMatchObject({ updates: 1, precision: 1, recall: 1, medianError: error, overTime: [{ error }] })
    const [update] = updates
    expect(update?.approval[0]?.digest).toBe(update?.plan?.digest)
    expect(update?.final).toEqual(update?.merged)
    expect(update?.final.tree).not.toBe(update?.snapshot?.tree)
    expect(update?.phases.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['planning', 'snapshot', 'round 1', 'round 2', 'soak', 'reporting']),
    )
    expect(audit.verified).toBe(true)
    expect(api.requests).toBeLessThanOrEqual(25)
    expect(api.contentCreating).toBeLessThanOrEqual(8)
    expect(Object.values(api.byOperation).reduce((sum, count) => sum + count, 0)).toBe(api.requests)
    expect(readdirSync(temporary)).toEqual([])
    expect(servers()).toEqual([])
  },
)

test(
  'without an approval it ends with the plan, under a configuration of its own, and is no failure',
  SLOW,
  async () => {
    const args = ['--approve', 'never', '--config', 'own.yml', '--requester', 'bob:write', '--json']
    const { status, stdout } = await pawl('rehearse', '--repo', 'my shop', '--request', 'good.md', ...args)
    const { updates } = only(stdout)
    expect(updates).toMatchObject([
      { outcome: 'rejected', plan: { request: { requester: 'bob' } }, approval: [], snapshot: null, merged: null },
    ])
    expect(status).toBe(0)
  },
)

test('a rehearsal that is interrupted stops with everything that it started', SLOW, async () => {
  const one = start('rehearse', '--repo', 'my shop', '--request', 'good.md')
  await one.said(': preflight')
  expect(servers()).not.toEqual([])
  one.child.kill('SIGINT')
  expect(await one.ended).toMatchObject({ status: 1, stdout: '', stderr: expect.not.stringContaining('Error') })
  expect(servers()).toEqual([])
  expect(readdirSync(temporary)).toEqual([])
})

test(
  'a rehearsal that was killed goes on where it was, and its record can be read afterwards',
  { timeout: 120_000 },
  async () => {
    const args = ['rehearse', '--repo', 'my shop', '--request', 'good.md', '--request', 'bad.md', '--data', 'data']
    const killed = start(...args)
    await killed.said(': round 1')
    const meanwhile = await pawl('audit', 'list', '--data', 'data')
    expect(meanwhile.status).toBe(1)
    expect(meanwhile.stderr).toContain('in use by another running Pawl')
    killed.child.kill('SIGKILL')
    await killed.ended

    const again = await pawl(...args, '--json')
    const { updates, audit } = only(again.stdout)
    const [first, second] = updates
    expect(first?.outcome).toBe('succeeded')
    // The second one asks to change what is not there, so the whole has not succeeded.
    expect(second?.outcome).not.toBe('succeeded')
    expect(again.status).toBe(1)
    expect(second?.findings.map(({ rule }) => rule)).toContain('patch-does-not-apply')
    expect(second?.final).toEqual(first?.final)
    expect(audit.verified).toBe(true)

    const of = async (...what: string[]): Promise<unknown> => {
      const { status, stdout, stderr } = await pawl('audit', ...what, '--data', 'data', '--json')
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      return JSON.parse(stdout)
    }
    const codename = first?.codename ?? ''
    const listed = AuditListDocument.strict().parse(await of('list'))
    expect(listed.updates.map((each) => [each.codename, each.issue, each.outcome])).toEqual([
      [second?.codename, second?.issue, second?.outcome],
      [codename, first?.issue, 'succeeded'],
    ])
    const shown = AuditShowDocument.strict().parse(await of('show', codename))
    expect(shown.plan).toEqual(first?.plan)
    expect(shown.approvals).toEqual(first?.approval)
    expect(shown.events.every((event) => event.codename === codename && event.hash === hashOf(event))).toBe(true)
    const keys = shown.events.map(({ key }) => key)
    expect(new Set(keys).size).toBe(keys.length)
    expect(AuditVerifyDocument.strict().parse(await of('verify'))).toEqual({ ...audit })
    const exported = AuditExportDocument.strict().parse(await of('export'))
    expect(exported.events).toHaveLength(audit.events)
    const lines = (await pawl('audit', 'export', '--data', 'data')).stdout.trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(exported.events)
    const text = await pawl('audit', 'show', codename, '--data', 'data')
    expect(text.stdout).toContain(`${codename}  rehearsal/my-shop#${String(first?.issue)}  succeeded`)
    expect(await pawl('audit', 'show', 'nobody', '--data', 'data')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('There is no update named nobody: pawl audit list shows them all.'),
    })
  },
)
