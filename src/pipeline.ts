import { cancelQueued, defineWorkflow, now, receive, send } from './engine.ts'
import type { Finding, Outcome, Phase, TreePoint, UpdateRequest } from './model.ts'
import { awaitDecision } from './pipeline/approval.ts'
import { madeByPeople } from './pipeline/people.ts'
import { restore } from './pipeline/restore.ts'
import { heard, validateAndMerge } from './pipeline/round-one.ts'
import { checksDecide } from './pipeline/rounds.ts'
import { bringIntoService } from './pipeline/service.ts'
import { soak } from './pipeline/soak.ts'
import { forwardRun, patientRun } from './pipeline/tries.ts'
import { INBOX, interruptionOf, listen, waitUntilDecided } from './pipeline/waits.ts'
import {
  cancelled,
  failed,
  nothingDone,
  type Failure,
  type Order,
  type PipelineSettings,
  type Progress,
  type Proposal,
  type Turn,
} from './stages/order.ts'
import type { Follows, Heed, Told, Undo } from './stages/commands.ts'
import type { Stages } from './stages/stages.ts'

/** The ids of an update's workflows say what they are about, so that a webhook delivered twice starts one update. */
export const idOf = (request: UpdateRequest) => `${request.repo}#${request.issue}@${request.attempt}`

const undoIdOf = (request: UpdateRequest, { comment }: Heed) => `${idOf(request)}/undo-${comment}`

/**
 * The story of an update, in two parts: waiting for people (`propose`) must not hold the repository's turn (`deliver`).
 * Every `run` is a step: done once and remembered. What the process was doing when it died is done again, and each step
 * first looks for what it left behind.
 */
export function createPipeline(stages: Stages, settings: PipelineSettings) {
  const { pollMs } = settings
  const run = forwardRun(settings)
  const patient = patientRun(settings)
  const conclude = async (request: UpdateRequest, outcome: Outcome, findings: Finding[]): Promise<Outcome> => {
    await patient(`conclude: ${outcome}`, () => stages.conclude(request, outcome, findings))
    return outcome
  }

  /** Label → pre-flight → plan → a person's decision → a place in the queue. */
  const propose = defineWorkflow('propose', async (first: Proposal): Promise<Outcome | 'approved'> => {
    try {
      return await plan(first)
    } catch (error) {
      return conclude(first.request, 'failed', outage(error).findings)
    }
  })

  async function plan(first: Proposal): Promise<Outcome | 'approved'> {
    let proposal = first
    if (first.revision === 1) {
      const trigger = await run('authorise', () => stages.authorise(first.request))
      if (trigger.verdict !== 'pass') return conclude(first.request, 'refused', trigger.findings)
      await run('acknowledge', () => stages.acknowledge(first.request))
    }
    for (;;) {
      const draft = proposal
      const { request, revision } = draft
      const ready = await waitUntilDecided(run, {
        name: `pre-flight ${revision}`,
        gate: 'preflight',
        pollMs,
        lookFirst: true,
        hears: (nudge) => nudge.about === 'checks',
        ear: 'edits',
        look: (since) => stages.preflight(request, since),
      })
      if (!ready.ok && ready.edit) {
        const { edit } = ready
        proposal = await run(`read the issue again ${revision}`, () => stages.reread(draft, edit))
        continue
      }
      if (!ready.ok) return conclude(request, ready.interrupted ? 'cancelled' : 'blocked', ready.findings)

      const drafted = await run(`plan ${revision}`, () => stages.draft(draft, ready.value))
      if (!drafted.ok) {
        // What was missing may have come, or the request be taken back, while it was planned.
        const word = await listen('plan', await now(), () => false, 'edits')
        if (word.kind === 'end') return conclude(request, 'cancelled', [word.finding])
        if (word.kind !== 'edited') return conclude(request, 'needs-info', drafted.findings)
        const { edit } = word
        proposal = await run(`read the issue again ${revision}`, () => stages.reread(draft, edit))
        continue
      }
      const { plan } = drafted.value
      await run(`present plan ${revision}`, () => stages.present(draft, drafted.value))

      const decision = await awaitDecision(run, stages, draft, plan)
      if (decision.kind === 'ended') return conclude(request, decision.outcome, decision.findings)
      if (decision.kind === 'approved') {
        const order: Order = { request, plan, revisions: draft.revisions, approvals: decision.approvals }
        const id = `${idOf(request)}/deliver-${revision}`
        await run(`accept ${revision}`, () => stages.accept(order, id))
        await deliver.enqueue(id, request.repo, order)
        return 'approved'
      }
      proposal = await run(`revise ${revision}`, () => stages.revise(draft, plan, decision))
    }
  }

  /** Its turn → snapshot → change → two rounds → deployment → soak; on any failure back to the snapshot. */
  const deliver = defineWorkflow('deliver', async (approved: Order): Promise<Outcome | 'void'> => {
    const { request } = approved
    const progress: Progress = { ...nothingDone }
    const turn = await run('take the turn', () => stages.takeTurn(approved)).catch(outage)
    if ('outcome' in turn) return restore(stages, settings, approved, progress, turn)
    if (!turn.ok) {
      const withdrawn = turn.findings.some(({ rule }) => rule === 'issue-closed' || rule === 'label-removed')
      const why = withdrawn ? cancelled(...turn.findings) : failed(turn.findings)
      return restore(stages, settings, approved, progress, why)
    }
    if (turn.value.kind === 'void') return proposeAgain(approved, progress, turn.value)
    const { order } = turn.value
    const end = await carryOut(order, progress).catch(outage)
    if (end !== null && 'kind' in end) return proposeAgain(order, progress, end)
    if (end !== null) return restore(stages, settings, order, progress, end)
    // It is done: that nobody can be told, as in an outage, does not undo it.
    await patient('report success', () => stages.reportSuccess(order, progress)).catch(() => undefined)
    await patient('leave', () => stages.leave(order, progress))
    await patient('conclude: succeeded', () => stages.conclude(request, 'succeeded', []))
    return 'succeeded'
  })

  /** The approval does not hold any more: people are asked anew, and the turn is the next one's. */
  async function proposeAgain(order: Order, progress: Progress, why: Void): Promise<'void'> {
    const next = await patient('propose again', () => stages.proposeAgain(order, progress, why))
    await propose.start(`${idOf(order.request)}/propose-${next.revision}`, next)
    return 'void'
  }

  /** From the snapshot to the end of the soak. `null` when all went well; `progress` says what there is to undo if not. */
  async function carryOut(order: Order, progress: Progress): Promise<Failure | Void | null> {
    const { plan } = order
    const enter = (phase: Phase, times = 1) =>
      run(`enter: ${phase}${times > 1 ? ` ${times}` : ''}`, () => stages.enter(order, phase, progress))

    await enter('snapshot')
    const snapshot = await run('take the snapshot', () => stages.takeSnapshot(order))
    if (!snapshot.ok) return failed(snapshot.findings)
    progress.snapshot = snapshot.value
    let head: TreePoint = { commit: plan.base.commit, tree: plan.base.tree }

    await enter('executing')
    for (const task of plan.tasks) {
      const before = head
      const begun = await run(`task ${task.id}`, () => stages.carryOutTask(order, task, before))
      const change = await madeByPeople(run, stages, settings, order, progress, begun)
      if (!change.ok && change.interrupted) return cancelled(...change.findings)
      if (!change.ok && change.asks) return deviated(order, change.findings)
      if (!change.ok) return failed(change.findings)
      head = progress.head = change.value
      const word = await heard('execution')
      if (word) return cancelled(word)
    }
    const finished = head
    const pull = await run('open the pull request', () => stages.openPull(order, progress, finished))
    if (!pull.ok) return failed(pull.findings)
    progress.pull = pull.value
    progress.branch = null

    const stopped = await validateAndMerge(run, stages, settings, order, progress, { head, pull: pull.value })
    if (stopped !== null) return stopped
    const { merged } = progress
    if (merged === null) throw new Error(`${order.request.codename} passed round 1 without a merge.`)

    await enter('round 2')
    const same = await run('compare the merged tree', () => stages.judgeMergedTree(progress))
    if (!same.ok) return failed(same.findings)
    const reviewed = await run('review 2', () => stages.review(order, progress, 2))
    const second = await checksDecide(run, {
      name: 'round 2',
      gate: 'round2',
      sha: merged.commit,
      pull: null,
      expected: plan.checks.round2,
      decidesAfter: reviewed.decidesAfter,
      pollMs,
      look: (since, _nudge, outrun) => stages.roundTwo(order, progress, reviewed, since, outrun),
      stop: (tries, findings) => stages.stopChecks(order, 2, merged.commit, tries, findings),
      startAgain: (held, since) => stages.startChecksAgain(order, held, since),
    })
    if (!second.ok) {
      if (second.interrupted) return cancelled(...second.findings)
      await run('round 2 failed', () => stages.failRound(order, 2, merged.commit, reviewed, second.findings))
      return failed(second.findings)
    }
    await run('round 2 passed', () => stages.passRound(order, 2, merged.commit, reviewed))

    progress.baseline = await run('measure the baseline', () => stages.baseline(order))
    // From here on users may be served by the change: it is noted before anything is asked for.
    progress.deploying = plan.deploy.via !== 'none'
    await enter('deploying')
    const deployed = await bringIntoService(run, stages, settings, order, {
      sha: merged.commit,
      reason: 'update',
      begun: (deployment) => (progress.deployment = deployment),
    })
    if (!deployed.ok) return deployed.interrupted ? cancelled(...deployed.findings) : failed(deployed.findings)
    progress.inService = true
    const well = await run('verify the restart', () => stages.verifyRestart(order))
    if (!well.ok) return failed(well.findings)

    await enter('soak')
    const healthy = await soak(run, stages, order, progress.baseline)
    if (healthy.ok) return null
    return healthy.interrupted ? cancelled(...healthy.findings) : failed(healthy.findings)
  }

  /** `/rollback` after the update has ended well: the same way back, in the repository's turn. */
  const undo = defineWorkflow('undo', async ({ order, progress, failure, word }: Undo): Promise<Outcome> => {
    const begun = await patient('begin to undo', () => stages.beginUndo(order, undoIdOf(order.request, word)))
    if (begun.ok) return restore(stages, settings, order, progress, failure)
    const refused = { allowed: false, findings: begun.findings }
    await patient('say why not', () => stages.acknowledgeCommand(word, refused, nothingFollows))
    return 'succeeded'
  })

  /** A command in a comment: who says it, may they, and what follows from it. */
  const heed = defineWorkflow('heed', async (word: Heed): Promise<string> => {
    const judged = await patient('judge the command', () => stages.judgeCommand(word))
    const follows = judged.allowed
      ? await patient('see what follows', () => stages.follow(word, judged))
      : nothingFollows
    if (follows.tell) await tell(follows.tell, `heed:${word.delivery}`)
    if (follows.begin) await propose.start(idOf(follows.begin.request), follows.begin)
    if (follows.undo) await undo.enqueue(undoIdOf(follows.undo.order.request, word), word.repo, follows.undo)
    await patient('acknowledge the command', () => stages.acknowledgeCommand(word, judged, follows))
    return judged.allowed ? word.command.name : 'refused'
  })

  /** Passes on what people said or did; an update that only waits for its turn is ended right here. */
  async function tell({ request, message, ...told }: Told, key: string): Promise<void> {
    const finding = interruptionOf('queue', message)
    let workflow: string | null = told.workflow
    for (let tries = 1; workflow !== null; tries++) {
      const id: string = workflow
      const out = finding ? await run('take out of the queue', () => cancelQueued([id])) : []
      if (finding && out.length > 0) {
        await conclude(request, 'cancelled', [finding])
        return
      }
      if ((await send(id, message, INBOX, key)) === 'sent' || tries > MOST_TRIES) return
      // The update goes from one half of the story to the other at this moment.
      await receive('pause', (await now()) + settings.backoffMs)
      workflow = await run('look who hears now', () => stages.hearer(request.codename))
    }
  }

  /** The issue was closed or edited, or its label taken off. */
  const notice = defineWorkflow('notice', async ({ key, ...told }: Told & { key: string }): Promise<void> => {
    const fresh = await patient('see how it is now', () => stages.asItIsNow(told))
    if (fresh) await tell(fresh, key)
  })

  return { propose, deliver, undo, heed, notice }
}

export type Pipeline = ReturnType<typeof createPipeline>

/** How often a word is brought to an update that is about to begin or to end. */
const MOST_TRIES = 10

const nothingFollows: Follows = { tell: null, begin: null, undo: null, reply: null }

type Void = Extract<Turn, { kind: 'void' }>

/** A task did something else than planned, and people decide about that (EXEC-2). */
function deviated({ request: { title, body } }: Order, findings: Finding[]): Void {
  return {
    kind: 'void',
    because: findings.map(({ message, path }) => (path ? `${path}: ${message}` : message)),
    title,
    body,
  }
}

/** What no stage expected: a bug, or an outage that outlasted every retry. It ends the update like any other failure. */
function outage(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error)
  return failed([
    {
      gate: 'execution',
      severity: 'error',
      rule: 'internal-error',
      message: `A step failed in a way that no retry mended: ${message}`,
      remedy: 'Look at the log of the app for this codename, then comment /retry.',
    },
  ])
}
