import type { Finding, TreePoint } from '../model.ts'
import type { Order, PipelineSettings, Progress, Waiting } from '../stages/order.ts'
import type { Stages } from '../stages/stages.ts'
import type { CarriedOut } from '../stages/tasks.ts'
import { branchOf } from '../stages/turn.ts'
import type { Run } from './tries.ts'
import { waitUntilDecided } from './waits.ts'

/** What became of a task, whoever made it; `asks` when people are to be asked about it, `interrupted` when they ended it. */
export type Made =
  | { ok: true; value: TreePoint }
  | { ok: false; findings: Finding[]; asks?: boolean; interrupted?: boolean }

/**
 * Where a task is a person's: hands it over, waits for the push of somebody who may, and takes that over. The turn is held
 * meanwhile. What an agent has made already passes through.
 */
export async function madeByPeople(
  run: Run,
  stages: Stages,
  settings: PipelineSettings,
  order: Order,
  progress: Progress,
  carriedOut: CarriedOut,
): Promise<Made> {
  if (carriedOut.ok || carriedOut.waits === undefined) return carriedOut
  const waiting: Waiting = carriedOut.waits
  const name = `task ${waiting.task.id}${waiting.round > 0 ? `, fix ${waiting.round}` : ''}`
  const handed = await run(`hand over ${name}`, () => stages.handOver(order, progress, waiting))
  if (!handed.ok) return handed
  const { branch, pull, from } = handed.value
  progress.pull = pull
  progress.branch = branch
  progress.head = { commit: branch, tree: from.tree }
  await run(`enter: awaiting push for ${name}`, () => stages.enter(order, 'awaiting push', progress))
  const pushed = await waitUntilDecided(run, {
    name: `push for ${name}`,
    gate: 'execution',
    pollMs: settings.pollMs,
    decidesAfter: [waiting.withinMs / 2, waiting.withinMs],
    lookFirst: waiting.round > 0,
    hears: (nudge) =>
      nudge.about === 'push'
        ? nudge.ref === branchOf(order.request.codename)
        : nudge.about === 'pull-request' && nudge.pull === pull && nudge.state === 'closed',
    look: (since, nudge) => stages.lookForPush(order, handed.value, since, nudge),
  })
  if (!pushed.ok) return pushed
  const { commit, strayed } = pushed.value
  // What is known to be on it goes with the update.
  progress.branch = commit
  if (strayed.length > 0) {
    const asks = waiting.round === 0 && (await run(`ask about ${name}`, () => stages.asksAboutDeviations(order)))
    return { ok: false, findings: strayed, asks }
  }
  const taken = await run(`take over ${name}`, () => stages.takeOver(order, handed.value, pushed.value))
  if (!taken.ok) return taken
  progress.head = taken.value
  if (waiting.round > 0) progress.branch = null
  else await run(`enter: executing after ${name}`, () => stages.enter(order, 'executing', progress))
  return taken
}
