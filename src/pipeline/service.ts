import type { Begun, Order, PipelineSettings } from '../stages/order.ts'
import type { Stages } from '../stages/stages.ts'
import type { Run } from './tries.ts'
import { waitUntilDecided, type Waited } from './waits.ts'

/**
 * Brings a commit into service and waits until that has come about: the update's own, or on the way back an earlier one.
 * `begun` hears of the deployment as soon as there is one.
 */
export async function bringIntoService(
  run: Run,
  stages: Pick<Stages, 'deploy' | 'deployed'>,
  settings: Pick<PipelineSettings, 'pollMs'>,
  order: Order,
  wanted: { sha: string; reason: 'update' | 'rollback'; begun?: (deployment: Begun) => void },
): Promise<Waited<null>> {
  const { sha, reason } = wanted
  const back = reason === 'rollback'
  const name = back ? 'deploy the last good commit' : 'begin the deployment'
  const begun = await run(name, () => stages.deploy(order, sha, reason))
  if (!begun.ok) return { ...begun, interrupted: false }
  const { id, pollMs, timeout } = begun.value
  wanted.begun?.(begun.value)
  return waitUntilDecided(run, {
    name: back ? 'redeployment' : 'deployment',
    gate: back ? 'rollback' : 'deploy',
    pollMs: pollMs ?? settings.pollMs,
    decidesAfter: [timeout],
    lookFirst: pollMs !== null,
    ear: back ? 'deaf' : 'people',
    hears: (nudge) => nudge.about === 'deployment' && nudge.deployment === id,
    look: (since, nudge) => stages.deployed(order, sha, id, reason, since, nudge),
  })
}
