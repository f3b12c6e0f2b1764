import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { takeCensus, type Census } from './census.ts'
import type { Ground } from './ground.ts'
import { compare } from './judge.ts'
import type { Reaper } from './reaper.ts'
import { tell, type StoryKind, type Told } from './stories.ts'

/** What one story came to. `lost` says what did not end as it would have, `doubled` what was done twice. */
export type Verdict = { kind: StoryKind; repo: string; lost: string[]; doubled: string[]; trees: string[] }

/** So many characters of the log are shown with a failure. */
const LOG_SHOWN = 4_000

/** How long a story may stand still after the last kill, ms. */
const PATIENCE_MS = 240_000

/** How each kind of story ends when nobody kills the app. */
export type Clean = Map<StoryKind, Census>

/** Tells stories beside each other and counts what is left of each. */
export async function census(ground: Ground, kinds: StoryKind[], reaper: Reaper): Promise<[Told, Census][]> {
  const told = await Promise.all(kinds.map((kind) => withPatience(tell(ground, kind), reaper, ground)))
  await reaper.rest()
  await settled(ground)
  const counted: [Told, Census][] = []
  for (const each of told) counted.push([each, await takeCensus(ground, each)])
  return counted
}

/** Tells stories while the reaper kills, and judges each by how it ends when nobody does. */
export async function trial(ground: Ground, kinds: StoryKind[], clean: Clean, reaper: Reaper): Promise<Verdict[]> {
  const counted = await census(ground, kinds, reaper)
  return counted.map(([{ kind, shop, changed, expected }, found]) => {
    const { doubled, missing, other } = compare(clean.get(kind) ?? [], found)
    const lost = [...missing.map((line) => `missing: ${line}`), ...other.map((line) => `not as it would be: ${line}`)]
    const trees = JSON.stringify(changed) === JSON.stringify(expected) ? [] : [JSON.stringify(changed)]
    return { kind, repo: shop.name, lost, doubled, trees }
  })
}

async function withPatience<T>(story: Promise<T>, reaper: Reaper, ground: Ground): Promise<T> {
  let over = false
  const ended = story.finally(() => (over = true))
  const late = (async () => {
    while (!over) {
      const fallen = reaper.fallen()
      if (fallen) throw new Error(`The app could not be started again:\n${await logOf(ground)}`, { cause: fallen })
      if (Date.now() - reaper.lastKill() > PATIENCE_MS) {
        throw new Error(`A story stands still:\n${await state(ground)}\n${await logOf(ground)}`)
      }
      await sleep(500)
    }
    return ended
  })()
  return Promise.race([ended, late])
}

/** Resolves when GitHub and the app have nothing left to do. */
async function settled(ground: Ground): Promise<void> {
  const { pool } = ground.world.database
  for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(50)) {
    await ground.world.github.idle()
    const { rowCount } = await pool.query(
      `SELECT 1 FROM dbos.workflow_status WHERE status IN ('PENDING', 'ENQUEUED')
       UNION ALL SELECT 1 FROM pawl.deliveries WHERE processed_at IS NULL`,
    )
    if (rowCount === 0) return
    if (Date.now() > deadline) throw new Error(`The app does not come to rest:\n${await state(ground)}`)
  }
}

/** The end of what the app wrote into its log. */
async function logOf({ dir }: Ground): Promise<string> {
  return (await readFile(join(dir, 'app.log'), 'utf8')).slice(-LOG_SHOWN)
}

/** Whatever is unfinished, for a report. */
async function state({ world }: Ground): Promise<string> {
  const { pool } = world.database
  const asked = [
    `SELECT workflow_uuid, status, recovery_attempts, (SELECT string_agg(function_name, ', ' ORDER BY function_id DESC)
       FROM (SELECT * FROM dbos.operation_outputs o WHERE o.workflow_uuid = s.workflow_uuid
         ORDER BY function_id DESC LIMIT 3) o) AS last
     FROM dbos.workflow_status s WHERE status NOT IN ('SUCCESS')`,
    `SELECT codename, repo, issue, attempt, stage, phase, outcome FROM pawl.updates WHERE outcome IS NULL`,
    `SELECT id, event, repo, tries, error FROM pawl.deliveries WHERE processed_at IS NULL OR error IS NOT NULL`,
  ]
  const answers = await Promise.all(asked.map((query) => pool.query<object>(query)))
  return answers.flatMap(({ rows }) => rows.map((row) => JSON.stringify(row))).join('\n')
}
