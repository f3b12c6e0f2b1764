import { describe, expect, it } from 'vitest'
import type { Gatekeepers } from '../../src/config.ts'
import type { Command, Permission } from '../../src/model.ts'
import { parseConfig } from '../../src/config/parse.ts'
import { judgeCommand, judgeTrigger, needsPermission, type Person } from '../../src/policy/authorisation.ts'

const person = (permission: Permission, more: Partial<Person> = {}): Person => ({
  login: 'ann',
  bot: false,
  permission,
  teams: [],
  ...more,
})
const gatekeepers = (more: Partial<Gatekeepers> = {}): Gatekeepers => ({
  permission: 'write',
  users: [],
  teams: [],
  ...more,
})

function configOf(text: string) {
  const parsed = parseConfig(text)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  return parsed.config
}

describe('judgeTrigger', () => {
  it('TRIG-1 lets start who has the configured permission or more', () => {
    const order: Permission[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin']
    for (const [needed, permission] of ['read', 'triage', 'write', 'maintain', 'admin'].entries()) {
      for (const [has, own] of order.entries()) {
        const verdict = judgeTrigger(person(own), gatekeepers({ permission: permission as Gatekeepers['permission'] }))
        expect([permission, own, verdict.verdict]).toEqual([permission, own, has >= needed + 1 ? 'pass' : 'fail'])
      }
    }
  })

  it('TRIG-1 lets start who is on the list or in a team, in any case of letters', () => {
    const who = gatekeepers({ permission: 'admin', users: ['ann'], teams: ['my-org/releasers'] })
    expect(judgeTrigger(person('none', { login: 'Ann' }), who).verdict).toBe('pass')
    expect(judgeTrigger(person('none', { login: 'bob', teams: ['My-Org/Releasers'] }), who).verdict).toBe('pass')
    expect(judgeTrigger(person('write', { login: 'bob', teams: ['others'] }), who).verdict).toBe('fail')
  })

  it('TRIG-3 says who they are, what was missing and who can help', () => {
    const who = gatekeepers({ users: ['cleo'], teams: ['releasers'] })
    const [finding] = judgeTrigger(person('read'), who).findings
    expect(finding?.rule).toBe('not-authorised')
    expect(finding?.message).toContain('@ann has read permission')
    expect(finding?.message).toContain('write or more')
    expect(finding?.remedy).toContain('@cleo or a member of releasers')
  })

  it('TRIG-3 takes bots for nobody unless they are listed by name', () => {
    const bot = person('admin', { login: 'renovate[bot]', bot: true, teams: ['releasers'] })
    const verdict = judgeTrigger(bot, gatekeepers({ teams: ['releasers'] }))
    expect(verdict.findings.map((finding) => finding.rule)).toEqual(['bot-not-listed'])
    expect(judgeTrigger(bot, gatekeepers({ users: ['renovate[bot]'] })).verdict).toBe('pass')
  })
})

describe('judgeCommand', () => {
  const config = configOf('authorised: { permission: maintain }\napproval: { permission: write, requester: false }')
  const judge = (command: Command, who: Person, requester = 'ann') =>
    judgeCommand(command, who, { requester, config }).findings.map((finding) => finding.rule)
  const approve: Command = { name: 'approve', digest: null }

  it('PLAN-11 lets approve whom the approval names, and not the requester where that is excluded', () => {
    expect(judge(approve, person('write'), 'bob')).toEqual([])
    expect(judge(approve, person('write'), 'Ann')).toEqual(['requester-may-not-approve'])
    expect(judge(approve, person('read'), 'ann')).toEqual(['not-authorised', 'requester-may-not-approve'])
    const open = configOf('')
    expect(judgeCommand(approve, person('write'), { requester: 'ann', config: open }).verdict).toBe('pass')
  })

  it('lets the requester cancel, revise and retry, and nobody else without permission', () => {
    for (const command of [{ name: 'cancel' }, { name: 'retry' }, { name: 'revise', text: 'x' }] as Command[]) {
      expect(judge(command, person('none'))).toEqual([])
      expect(judge(command, person('write'), 'bob')).toEqual(['not-authorised'])
      expect(judge(command, person('maintain'), 'bob')).toEqual([])
    }
    for (const name of ['hold', 'resume', 'rollback'] as const) {
      expect(judge({ name }, person('write'))).toEqual(['not-authorised'])
      expect(judge({ name }, person('maintain'))).toEqual([])
    }
    expect(judge({ name: 'reject', why: '' }, person('write'))).toEqual(['not-authorised'])
  })

  it('QUEUE-5 lets only admins unlock, listed or not', () => {
    const listed = configOf('authorised: { users: [ann] }')
    expect(judge({ name: 'unlock' }, person('maintain'))).toEqual(['not-authorised'])
    expect(judge({ name: 'unlock' }, person('admin'))).toEqual([])
    expect(judgeCommand({ name: 'unlock' }, person('write'), { requester: 'ann', config: listed }).verdict).toBe('fail')
  })

  it('answers status and help to whoever can read, and no bot', () => {
    for (const name of ['status', 'help'] as const) {
      expect(needsPermission({ name })).toBe(false)
      expect(judge({ name }, person('read'))).toEqual([])
      expect(judge({ name }, person('none'))).toEqual(['not-authorised'])
      expect(judge({ name }, person('admin', { login: 'x[bot]', bot: true }))).toEqual(['bot-not-listed'])
    }
    expect(needsPermission(approve)).toBe(true)
  })
})
