import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startGround, type Ground } from '../../scripts/crash/ground.ts'
import { repeated } from '../../scripts/crash/judge.ts'
import { startReaper, type Reaper } from '../../scripts/crash/reaper.ts'
import { census } from '../../scripts/crash/trial.ts'

let ground: Ground
let reaper: Reaper
beforeAll(async () => {
  ground = await startGround(null)
  reaper = await startReaper(ground)
}, 120_000)
afterAll(async () => {
  await reaper.stop()
  await ground.close()
}, 120_000)

/** The process id of the database's server. */
async function server(): Promise<number> {
  const { rows } = await ground.world.database.pool.query<{ pid: string }>(
    `SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1) AS pid`,
  )
  return Number(rows[0]?.pid)
}

test('the embedded database outlives the app that is killed, is adopted by the next, and the update goes on', async () => {
  const first = await server()
  const steps = new Set(['propose: plan n', 'deliver: open the pull request', 'deliver: begin the deployment'])
  await reaper.killIn(steps)
  const [[told, left] = []] = await census(ground, ['succeeds'], reaper)
  expect([...steps]).toEqual([])
  expect(reaper.kills()).toBe(3)
  expect(told?.ended.map(({ outcome }) => outcome)).toEqual(['succeeded'])
  expect(told?.changed).toEqual(told?.expected)
  expect(repeated(left ?? [])).toEqual([])
  expect(await server()).toBe(first)
  expect(await ground.world.app.audit.verify()).toMatchObject({ verified: true })
  // Each app that was killed took its lock on the directory with it, or the next one would have refused to start.
  expect(await readFile(join(ground.dir, 'app.log'), 'utf8')).not.toContain('is in use by another running Pawl')
}, 300_000)
