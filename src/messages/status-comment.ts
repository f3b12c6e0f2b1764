import type { MessageName } from '../config.ts'
import type { Finding, Outcome, Phase, PhaseRecord } from '../model.ts'
import type { ChangeReport } from './change-report.ts'
import { changeReportSection } from './change-report.ts'
import { comment } from './comment.ts'
import { codeSpan, inline, mention } from './escape.ts'
import type { FailureReport } from './failure-report.ts'
import { failureReportSection } from './failure-report.ts'
import { details, findingList, table } from './layout.ts'
import type { Links } from './links.ts'
import { linkLine } from './links.ts'
import { heldText, nextText, phaseLabel, phaseTable, progressLine, type Held } from './phases.ts'
import { queueText } from './queue-text.ts'
import { timeText } from './time.ts'
import type { Words } from './words.ts'

/** The one comment that is edited in place (EXEC-5). `since` is ISO 8601. */
export type StatusView = {
  codename: string
  title: string
  requester: string
  /** Which attempt at the issue, from 1. */
  attempt: number
  phase: Phase
  since: string
  outcome: Outcome | null
  /** Who said `/hold`, and when (ISO 8601), as long as it holds. */
  held: Held | null
  /** Position counts from 1, the update being executed included; `waitsFor` are codenames. `null` when not queued. */
  queue: { position: number; of: number; waitsFor: string[] } | null
  /** Finished phases, in order. */
  phases: PhaseRecord[]
  /** Nothing was said since its turn came. */
  starts: boolean
  /** Rounds of the fix loop so far. */
  fixes: number
  links: Links
  /** Why it ended or waits, if there is a reason to name. */
  findings: Finding[]
  /** The report of a finished update, which then ends this comment. */
  report: { kind: 'success'; report: ChangeReport } | { kind: 'failure'; report: FailureReport } | null
}

/** The status comment: where the update is, since when, what comes next; in the end the report. */
export function renderStatus(view: StatusView, words: Words): string {
  const { codename, phase, outcome, report } = view
  const values = {
    codename,
    requester: view.requester,
    person: view.requester,
    people: view.requester,
    title: view.title,
    phase: phaseLabel(lastPhase(view)),
    failed: 'an earlier update',
  }
  const ending = report?.kind === 'success' ? changeReportSection(report.report) : null
  const failure = report?.kind === 'failure' ? failureReportSection(report.report) : null
  return comment(
    'status',
    codename,
    [
      words(outcome === null && view.held ? 'held' : view.starts ? 'starting' : headline(phase, outcome), values),
      progressLine(phase, outcome),
      facts(view),
      report === null ? findingList(view.findings) : null,
      ending,
      failure,
      report === null ? details('Phases so far', phaseTable(view.phases)) : null,
    ],
    { attempt: view.attempt },
  )
}

const DURING: Record<Phase, MessageName> = {
  processing: 'processing',
  preflight: 'processing',
  planning: 'planning',
  'awaiting approval': 'plan-ready',
  queued: 'working',
  snapshot: 'starting',
  executing: 'starting',
  'awaiting push': 'working',
  'round 1': 'working',
  merging: 'working',
  'round 2': 'working',
  deploying: 'restarting',
  soak: 'working',
  'rolling back': 'working',
  reporting: 'working',
  held: 'held',
  finished: 'working',
}

const IN_THE_END: Record<Outcome, MessageName> = {
  succeeded: 'success',
  rejected: 'rejected',
  refused: 'refusal',
  'needs-info': 'questions',
  blocked: 'blocked',
  expired: 'expired',
  cleared: 'receipt',
  cancelled: 'cancelled',
  failed: 'failure',
  'rolled-back': 'failure',
  'rollback-failed': 'rollback-failed',
}

function headline(phase: Phase, outcome: Outcome | null): MessageName {
  return outcome === null ? DURING[phase] : IN_THE_END[outcome]
}

/** Where a finished update ended is more worth saying than that it is finished. */
function lastPhase({ phase, phases, report }: StatusView): Phase {
  if (report?.kind === 'failure') return report.report.phase
  // The way back is no phase that anything ended in: what came before it is.
  const own = phases.filter(({ name }) => name !== 'finished' && name !== 'rolling back' && name !== 'reporting')
  return phase === 'finished' ? (own.at(-1)?.name ?? phase) : phase
}

function facts(view: StatusView): string | null {
  const { phase, outcome, queue, held } = view
  const state = outcome === null ? phaseLabel(phase) : outcome
  const rows = [
    ['Update', `${codeSpan(view.codename)}, ${inline(view.title)}`],
    [
      outcome === null ? 'Phase' : 'Outcome',
      `**${state}**, ${outcome === null ? 'since' : 'at'} ${timeText(view.since)}`,
    ],
    ['Next', nextText(held === null ? phase : 'held', outcome)],
    ['Requested by', mention(view.requester)],
  ]
  if (held !== null && outcome === null) rows.push(['Held', heldText(held)])
  if (queue !== null && outcome === null) rows.push(['Queue', queueText(queue)])
  if (view.attempt > 1) rows.push(['Attempt', String(view.attempt)])
  if (view.fixes > 0) rows.push(['Fix rounds', String(view.fixes)])
  // A report has them too.
  const links = view.report === null ? linkLine(view.links) : null
  if (links !== null) rows.push(['Links', links])
  return table(['', ''], rows)
}
