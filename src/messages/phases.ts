import type { Outcome, Phase, PhaseRecord } from '../model.ts'
import { mention } from './escape.ts'
import { plural, table } from './layout.ts'
import { durationText, timeText } from './time.ts'

/** A phase as it is called in a sentence, and what comes after it. */
type Said = { label: string; next: string }

const SAID: Record<Phase, Said> = {
  processing: { label: 'the request was received', next: 'The pre-flight checks come next.' },
  preflight: { label: 'pre-flight checks', next: 'The plan comes next.' },
  planning: { label: 'planning', next: 'The plan is posted here, for a person to approve.' },
  'awaiting approval': {
    label: 'waiting for approval',
    next: 'A person comments `/approve`, `/revise <what>` or `/reject`.',
  },
  queued: { label: 'waiting for its turn', next: 'It starts when its turn comes.' },
  snapshot: { label: 'taking the snapshot', next: 'The tasks come next, a commit each.' },
  executing: { label: 'carrying out the tasks', next: 'The pull request and round 1 of validation come next.' },
  'awaiting push': {
    label: 'waiting for a person who makes the change',
    next: 'A person with write permission pushes to the branch of the pull request, which says what is expected. The repository’s turn is held until then; `/cancel` gives it back.',
  },
  'round 1': {
    label: 'round 1 of validation, on the pull request',
    next: 'The merge comes next, of exactly what passes.',
  },
  merging: { label: 'merging', next: 'Round 2 of validation comes next, on the merge commit.' },
  'round 2': { label: 'round 2 of validation, on the merge commit', next: 'The deployment comes next.' },
  deploying: { label: 'deploying', next: 'The soak comes next: probes, held against the baseline.' },
  soak: { label: 'soaking under probes', next: 'The change report comes next.' },
  'rolling back': {
    label: 'rolling back',
    next: 'The restoration certificate and the failure report come next.',
  },
  reporting: { label: 'writing the report', next: 'Nothing more is changed.' },
  held: { label: 'held', next: 'It stands still until somebody comments `/resume`, `/cancel` or `/rollback`.' },
  finished: { label: 'finished', next: 'Nothing more is done.' },
}

const AFTERWARDS: Record<Outcome, string> = {
  succeeded: 'Nothing more is done. `/rollback` undoes this update.',
  rejected: '`/retry` begins again.',
  refused: 'Somebody who is authorised puts the label on again.',
  'needs-info': 'Edit the issue or answer the questions, and it begins again.',
  blocked: 'Put right what is listed, then comment `/retry`.',
  expired: '`/retry` begins again.',
  cleared: '`/retry` puts it back into the queue, from the beginning.',
  cancelled: '`/retry` begins again.',
  failed: 'Nothing was merged. `/retry` begins again.',
  'rolled-back': 'Everything is as it was before. `/retry` begins again.',
  'rollback-failed': 'The repository stays locked. A person puts it right, then an admin comments `/unlock`.',
}

export function phaseLabel(phase: Phase): string {
  return SAID[phase].label
}

/** Who made an update stand still, and when (ISO 8601). */
export type Held = { by: string; at: string }

export function heldText({ by, at }: Held): string {
  return `by ${mention(by)}, since ${timeText(at)}`
}

/** What comes next, in a sentence of Markdown. */
export function nextText(phase: Phase, outcome: Outcome | null): string {
  return outcome === null ? SAID[phase].next : AFTERWARDS[outcome]
}

/** The stations that every update passes when all goes well. */
const STATIONS: { name: string; phases: Phase[] }[] = [
  { name: 'pre-flight', phases: ['processing', 'preflight'] },
  { name: 'plan', phases: ['planning'] },
  { name: 'approval', phases: ['awaiting approval'] },
  { name: 'queue', phases: ['queued'] },
  { name: 'snapshot', phases: ['snapshot'] },
  { name: 'tasks', phases: ['executing', 'awaiting push'] },
  { name: 'round 1', phases: ['round 1'] },
  { name: 'merge', phases: ['merging'] },
  { name: 'round 2', phases: ['round 2'] },
  { name: 'deployment', phases: ['deploying'] },
  { name: 'soak', phases: ['soak'] },
]

/** The way of an update in one line, with what is behind it and where it is: `✓ plan · ▶ **round 1** · merge`. */
export function progressLine(phase: Phase, outcome: Outcome | null): string | null {
  const at = STATIONS.findIndex((station) => station.phases.includes(phase))
  if (outcome !== null || at < 0) return null
  return STATIONS.map(({ name }, index) => (index < at ? `✓ ${name}` : index === at ? `▶ **${name}**` : name)).join(
    ' · ',
  )
}

/** The finished phases with their durations, `null` when there are none. */
export function phaseTable(phases: readonly PhaseRecord[]): string | null {
  const rows = phases.map(({ name, startedAt, ms, attempts }) => {
    const again = attempts > 1 ? ` (${plural(attempts, 'attempt')})` : ''
    return [`${phaseLabel(name)}${again}`, timeText(startedAt), durationText(ms)]
  })
  return table(['Phase', 'Began', 'Took'], rows)
}
