import { now } from '../engine.ts'
import type { ProbeSample } from '../model.ts'
import type { Order } from '../stages/order.ts'
import type { Stages } from '../stages/stages.ts'
import type { Run } from './tries.ts'
import { listen, untilResumed, type Waited } from './waits.ts'

/**
 * Watches the deployed version for as long as the plan says. Its samples are held against the baseline; where they cannot
 * decide, the configuration does: pass, roll back, or hold until a person says `/resume` or `/rollback`.
 */
export async function soak(
  run: Run,
  stages: Pick<Stages, 'soak' | 'probingInterval' | 'askAboutHealth'>,
  order: Order,
  baseline: ProbeSample[],
): Promise<Waited<null>> {
  const since = await now()
  const interval = await run('read the probing interval', () => stages.probingInterval(order))
  const samples: ProbeSample[] = []
  for (let look = 1; ; look++) {
    const seen = await run(`soak: look ${look}`, () => stages.soak(order, baseline, samples, since))
    samples.push(...seen.samples)
    if (seen.verdict === 'pass') return { ok: true, value: null }
    if (seen.verdict === 'fail') return { ok: false, findings: seen.findings, interrupted: false }
    if (seen.verdict === 'inconclusive') {
      await run('ask about the health', () => stages.askAboutHealth(order, seen.findings))
      const word = await untilResumed('health')
      return word === null ? { ok: true, value: null } : { ok: false, findings: [word], interrupted: true }
    }
    const heard = await listen('health', (await now()) + interval, () => false)
    if (heard.kind === 'end') return { ok: false, findings: [heard.finding], interrupted: true }
  }
}
