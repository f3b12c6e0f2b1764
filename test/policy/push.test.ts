import { expect, test } from 'vitest'
import type { Permission } from '../../src/model.ts'
import { judgePush, type PushFacts } from '../../src/policy/push.ts'

const by = (permission: Permission, bot = false): PushFacts => ({
  after: 'a'.repeat(40),
  by: { login: 'bob', bot, permission, teams: [] },
})
const judge = (pushes: PushFacts[], more = {}) =>
  judgePush({ descends: true, holdsBase: false, pushes, ...more }, 'pawl/amber-otter').map(({ message }) => message)

test('EXEC-1 a push is taken from whoever has write permission now, and from nobody else', () => {
  const order: Permission[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin']
  expect(order.filter((permission) => judge([by(permission)]).length === 0)).toEqual(['write', 'maintain', 'admin'])
  expect(judge([by('admin', true)])).toEqual([expect.stringContaining('is a bot')])
  expect(judge([{ after: 'b', by: null }])).toEqual([expect.stringContaining('nobody’s whom GitHub names')])
})

test('EXEC-1 one push among several that is nobody’s who may keeps all of them out', () => {
  expect(judge([by('write'), by('read'), by('admin')])).toEqual([expect.stringContaining('has read permission')])
})

test('EXEC-2 what stood there before is neither rewritten nor mixed with newer work of others', () => {
  expect(judge([by('write')], { descends: false })).toEqual([expect.stringContaining('is not part of what was pushed')])
  expect(judge([by('write')], { holdsBase: true })).toEqual([expect.stringContaining('newer commits')])
})
