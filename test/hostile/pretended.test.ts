import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { rulesOf } from '../support/stopped.ts'
import { place, startWorld, type World } from '../support/world.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let world: World
let dir: string
const path = process.env['PATH'] ?? ''

/** A program in place of bubblewrap that runs the command with everything that this account may do. */
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pawl-pretended-'))
  await writeFile(join(dir, 'bwrap'), '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done; shift; exec "$@"\n')
  await chmod(join(dir, 'bwrap'), 0o755)
  process.env['PATH'] = `${dir}${delimiter}${path}`
  world = await startWorld()
})
afterAll(async () => {
  process.env['PATH'] = path
  await world.close()
  await rm(dir, { recursive: true, force: true })
})

test('a sandbox that only looks like one is found out, and nothing runs in it', async () => {
  const touched = join(dir, 'touched')
  const shop = await place(world, {
    config: `preflight: { checks: false }\nagents: [{ use: recipe, name: reach, run: [touch, "${touched}"] }]\n`,
    files: { '.github/workflows/ci.yml': null },
  })
  const issue = await shop.ask('Recipe: reach\n')
  expect((await shop.over(issue)).outcome).toBe('blocked')
  expect(await rulesOf(shop, issue)).toContain('sandbox-missing')
  expect(await shop.told(issue, { kind: 'blocked' })).toContain('the sandbox does not hold')
  expect(existsSync(touched)).toBe(false)
})
