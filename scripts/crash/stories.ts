import type { Update } from '../../src/audit/updates.ts'
import { recordOf } from '../../src/stages/record.ts'
import { deployedTo } from '../../test/support/shop-host.ts'
import { change, place, type Place } from '../../test/support/world.ts'
import type { Ground } from './ground.ts'

/** How a story goes: all that people do in it, and how its updates are to end. */
export type StoryKind = 'succeeds' | 'rolls back' | 'follows'
export const STORIES: StoryKind[] = ['succeeds', 'rolls back', 'follows']

/**
 * A story that was told to its end; `issues` in the order in which they were opened. `changed` is what the default branch
 * has now that it had not before, `expected` what it should.
 */
export type Told = {
  kind: StoryKind
  shop: Place
  issues: number[]
  ended: Update[]
  changed: Record<string, string>
  expected: Record<string, string>
}

const FROM = 'export const price = 1'
const OTHER = {
  path: 'src/shop.js',
  from: 'export const shop = () => price',
  to: 'export const shop = () => price + 1',
}

let owners = 0

/**
 * Tells one story in a repository of its own, under an owner of its own: each installation has its own limits.
 * - `succeeds`: a deployed update.
 * - `rolls back`: one that turns unhealthy in soak while another, already approved, waits behind it.
 * - `follows`: two that were approved one after the other and both succeed.
 */
export async function tell(ground: Ground, kind: StoryKind): Promise<Told> {
  const { world, host } = ground
  const soak = kind === 'rolls back' ? '10m' : '1s'
  const config = (repo: string) => deployedTo(host)(repo).replace('soak: 1s', `soak: ${soak}`).replace('20s', '5m')
  const shop = await place(world, { owner: `crash-${kind.replace(' ', '-')}-${++owners}`, host, config })
  await shop.settle()
  const { commit } = await shop.head()
  const before = await filesOf(shop)
  host.serve(shop.at.repo, { sha: commit, text: FROM })
  const plan = async (body: string, title: string) => {
    const issue = await shop.ask(body, { title })
    const planned = await shop.planned(issue)
    if (planned.outcome !== null) throw new Error(`There is no plan: ${JSON.stringify(recordOf(planned).findings)}`)
    return issue
  }

  const issues = [await plan(change(FROM, `${FROM}0`), 'Raise the price')]
  if (kind !== 'succeeds') issues.push(await plan(whole(OTHER), 'Count one more'))
  const [first = 0] = issues
  for (const issue of issues) {
    await shop.say(issue, '/approve')
    // They take their turns in the order in which they were approved.
    await shop.until(issue, ({ stage, outcome }) => stage === 'deliver' || outcome !== null)
  }
  if (kind === 'rolls back') {
    await shop.until(first, ({ phase, outcome }) => phase === 'soak' || outcome !== null)
    const { progress } = await shop.record(first)
    host.serve(shop.at.repo, { sha: progress?.merged?.commit ?? '', text: 'SICK' })
  }
  const ended: Update[] = []
  for (const issue of issues) ended.push(await shop.over(issue))
  const price = { 'src/price.js': `${FROM}0\n` }
  const both = { ...price, [OTHER.path]: `import { price } from './price.js'\n${OTHER.to}\n` }
  const expected = { succeeds: price, 'rolls back': {}, follows: both }[kind]
  return { kind, shop, issues, ended, changed: await changedSince(shop, before), expected }
}

/** Every path of the default branch with the sha of its content. */
async function filesOf({ as, at }: Place): Promise<Map<string, string>> {
  const { data } = await as('ann').git.getTree({ ...at, tree_sha: 'main', recursive: 'true' })
  return new Map(data.tree.flatMap(({ type, path, sha }) => (type === 'blob' ? [[path, sha]] : [])))
}

/** The files that are others than before, with their texts; one that is gone has none. */
async function changedSince(shop: Place, before: Map<string, string>): Promise<Record<string, string>> {
  const now = await filesOf(shop)
  const paths = [...new Set([...before.keys(), ...now.keys()])].filter((path) => before.get(path) !== now.get(path))
  const texts = paths.map(async (path) => [path, now.has(path) ? await shop.text(path) : 'gone'] as const)
  return Object.fromEntries((await Promise.all(texts)).toSorted(([a], [b]) => a.localeCompare(b)))
}

function whole({ path, from, to }: typeof OTHER): string {
  return (
    `\`\`\`diff\ndiff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1,2 +1,2 @@\n` +
    ` import { price } from './price.js'\n-${from}\n+${to}\n\`\`\`\n`
  )
}
