import type { UpdateRequest } from '../model.ts'
import { commanding } from './commands.ts'
import { deploying } from './deployment.ts'
import { handingOver } from './handover.ts'
import { opening } from './open.ts'
import type { Order, Progress } from './order.ts'
import { preflight } from './preflight.ts'
import { proposing } from './proposal.ts'
import { pulling } from './pull.ts'
import { reporting } from './reports.ts'
import { restoring } from './restoring.ts'
import { rounding } from './rounds.ts'
import type { Services } from './services.ts'
import { takeSnapshot } from './snapshot.ts'
import { carryOutTask, fix } from './tasks.ts'
import { triggering } from './trigger.ts'
import { turning } from './turn.ts'
import { wayBack } from './way-back.ts'
import type { Finding, Task, TreePoint } from '../model.ts'

/** Everything the pipeline does, stage by stage. Each gathers, lets a judge decide, and acts; each may be done again. */
export function createStages(services: Services) {
  const open = opening(services)
  return {
    ...open,
    ...commanding(services, (request, text, delivery) => open.again(request, text, delivery)),
    ...triggering(services),
    preflight: (request: UpdateRequest, since: number) => preflight(services, request, since),
    ...proposing(services),
    ...turning(services),
    takeSnapshot: (order: Order) => takeSnapshot(services, order),
    carryOutTask: (order: Order, task: Task, head: TreePoint) => carryOutTask(services, order, task, head),
    fix: (order: Order, progress: Progress, round: number, findings: Finding[]) =>
      fix(services, order, progress, round, findings),
    ...handingOver(services),
    ...pulling(services),
    ...rounding(services),
    ...deploying(services),
    ...restoring(services),
    ...wayBack(services),
    ...reporting(services),
  }
}

export type Stages = ReturnType<typeof createStages>
