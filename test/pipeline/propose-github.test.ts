import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { manifest } from '../../src/commands/embedded/identity.ts'
import { change, NO_CHECKS, place, startWorld, type World } from '../support/world.ts'

// On a busy machine a story takes many times as long as on an idle one.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let world: World
beforeAll(async () => {
  const { administration: _lost, ...permissions } = manifest().permissions
  world = await startWorld({ permissions: { ...permissions, contents: 'read', deployments: 'read' } })
})
afterAll(() => world.close())

const raise = change('export const price = 1', 'export const price = 2')

test('PRE-7 wants every permission of the later steps before anything is planned, and names who grants it', async () => {
  const shop = await place(world, { pushed: false, config: 'preflight: { checks: false }\n' })
  const issue = await shop.ask(raise)
  expect((await shop.over(issue)).outcome).toBe('blocked')
  const blocked = await shop.told(issue, { kind: 'blocked' })
  expect(blocked).toContain('has the permission contents: read; a later step needs write')
  expect(blocked).toContain('has the permission deployments: read; a later step needs write')
  expect(blocked).toContain('An owner grants contents: write in the app')
  // What only warns is told as well; it does not stop anything by itself.
  expect(blocked).toContain('⚠️ Nothing is known to react to deployments to production')
})

test('PRE-7 asks only for what this repository needs', async () => {
  const shop = await place(world, { pushed: false, config: NO_CHECKS })
  const issue = await shop.ask(raise)
  await shop.over(issue)
  const blocked = await shop.told(issue, { kind: 'blocked' })
  expect(blocked).toContain('contents: read')
  expect(blocked).not.toContain('deployments')
})
