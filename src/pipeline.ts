import { defineWorkflow, step } from './engine.ts'
import type { Finding, Outcome, UpdateRequest } from './model.ts'
import { awaitDecision } from './pipeline/approval.ts'
import { carryOut } from './pipeline/carry-out.ts'
import { restore } from './pipeline/restore.ts'
import { waitUntilDecided } from './pipeline/waits.ts'
import { nothingDone, type Failure, type Order, type PipelineSettings, type Progress, type Proposal } from './stages/order.ts'
import type { Stages } from './stages/stages.ts'

/** The ids of an update's workflows say what they are about, so that a webhook delivered twice starts one update. */
export const idOf = (request: UpdateRequest) => `${request.repo}#${request.issue}@${request.attempt}`

/**
 * The story of an update, in two parts: waiting for people (`propose`) must not hold the repository's turn (`deliver`).
 * Every `step` is done once and remembered; what the process was doing when it died is done again, and each step first
 * looks for what it left behind.
 */
export function createPipeline(stages: Stages, settings: PipelineSettings) {
  const conclude = async (request: UpdateRequest, outcome: Outcome, findings: Finding[]): Promise<Outcome> => {
    await step(`conclude: ${outcome}`, () => stages.conclude(request, outcome, findings))
    return outcome
  }

  /** Label → pre-flight → plan → a person's decision. */
  const propose = defineWorkflow('propose', async (first: Proposal): Promise<Outcome | 'approved'> => {
    let proposal = first
    let request = first.request
    if (first.revision === 1) {
      const trigger = await step('authorise', () => stages.authorise(request))
      if (trigger.verdict !== 'pass') return conclude(request, 'refused', trigger.findings)
      await step('acknowledge', () => stages.acknowledge(request))
    }
    for (;;) {
      const ready = await waitUntilDecided({
        name: `pre-flight ${proposal.revision}`,
        gate: 'preflight',
        pollMs: settings.pollMs,
        lookFirst: true,
        hears: (nudge) => nudge.about === 'checks',
        look: (since) => stages.preflight(request, since),
      })
      if (!ready.ok) return conclude(request, ready.interrupted ? 'cancelled' : 'blocked', ready.findings)

      const draft = proposal
      const drafted = await step(`plan ${draft.revision}`, () => stages.draft(draft))
      if (!drafted.ok) return conclude(request, 'needs-info', drafted.findings)
      const plan = drafted.value
      await step(`present plan ${draft.revision}`, () => stages.present(draft, plan))

      const decision = await awaitDecision(stages, request, plan)
      if (decision.kind === 'ended') return conclude(request, decision.outcome, decision.findings)
      if (decision.kind === 'approved') {
        const order: Order = { request, plan, revisions: draft.revisions, approvals: decision.approvals }
        await step(`accept ${draft.revision}`, () => stages.accept(order))
        await deliver.enqueue(`${idOf(request)}/deliver-${draft.revision}`, request.repo, order)
        return 'approved'
      }
      const next = await step(`revise ${draft.revision}`, () => stages.revise(draft, plan, decision))
      proposal = next
      request = next.request
    }
  })

  /** Its turn → snapshot → change → two rounds → deployment → soak; on any failure back to the snapshot. */
  const deliver = defineWorkflow('deliver', async (order: Order): Promise<Outcome | 'void'> => {
    const { request } = order
    const progress: Progress = { ...nothingDone }
    const failure = await carryOut(stages, settings, order, progress).catch(outage)
    if (failure === 'void') {
      const next = await step('propose again', () => stages.proposeAgain(order))
      await propose.start(`${idOf(request)}/propose-${next.revision}`, next)
      return 'void'
    }
    if (failure === null) {
      await step('report success', () => stages.reportSuccess(order, progress))
      await step('leave', () => stages.leave(order, progress))
      return conclude(request, 'succeeded', [])
    }
    return restore(stages, settings, order, progress, failure)
  })

  /** `/rollback` after the update has ended well: the same way back, in the repository's turn. */
  const undo = defineWorkflow('undo', async (input: { order: Order; progress: Progress; failure: Failure }) => {
    const { order, progress, failure } = input
    const turn = await step('take the lock', () => stages.takeLock(order))
    if (!turn.ok) return conclude(order.request, 'rollback-failed', turn.findings)
    return restore(stages, settings, order, progress, failure)
  })

  return { propose, deliver, undo }
}

export type Pipeline = ReturnType<typeof createPipeline>

/** What no stage expected: a bug, or an outage that outlasted every retry. It ends the update like any other failure. */
function outage(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error)
  return {
    outcome: 'failed',
    findings: [
      {
        gate: 'execution',
        severity: 'error',
        rule: 'internal-error',
        message: `A step failed in a way that no retry mended: ${message}`,
        remedy: 'Look at the log of the app for this codename, then comment /retry.',
      },
    ],
  }
}
