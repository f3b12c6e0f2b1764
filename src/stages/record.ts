import type { Update, Updates } from '../audit/updates.ts'
import type { Finding, Json, Outcome, Phase, PhaseRecord, Plan, RepositoryName, UpdateRequest } from '../model.ts'
import type { IssueNow } from '../model/issue-now.ts'
import type { FinishedUpdate } from '../planning/facts.ts'
import type { Proposed } from '../planning/proposed.ts'
import { noRevisions, type Revisions } from '../planning/revision.ts'
import type { Approval, Ground, Order, Progress } from './order.ts'

/** What is kept of an update beside its phase and outcome: what people may ask for, and what later commands need. */
export type UpdateRecord = {
  request: UpdateRequest
  /** The workflow that hears what people say about this update. */
  workflow: string
  statusComment: number | null
  planComment: number | null
  revision: number
  revisions: Revisions
  plan: Plan | null
  approvals: Approval[]
  phases: PhaseRecord[]
  order: Order | null
  progress: Progress | null
  findings: Finding[]
  /** What GitHub asked of the default branch when the plan was made. */
  ground: Ground | null
  /** How the plan came out, for later estimates; set when the update succeeded. */
  finished: FinishedUpdate | null
  /** Its turn has come: it holds the lock, or is about to. */
  executing: boolean
  /** What agents said that they did and spent, for tasks that are not exact; `fix` is 0 for the first try. */
  accounts: { agent: string; task: number; fix: number; said: string }[]
  /** How long each task took in ms, its fixes each for itself: `fix` is 0 for the first try. */
  took: { task: number; fix: number; ms: number }[]
  /** Who pushed what was taken: nobody reviews what they made themselves. */
  pushers: string[]
  /** What each fix round was about, by marks of its findings. */
  fixed: { round: number; about: string[] }[]
  /** What a model planner was asked about the text of the request. */
  proposed: Proposed | null
  /** Who said `/hold`, until somebody says `/resume`. */
  held: { by: string; at: string } | null
  /** The issue as the newest webhook about it told. */
  seen: IssueNow | null
}

const nothing: Omit<UpdateRecord, 'request'> = {
  workflow: '',
  statusComment: null,
  planComment: null,
  revision: 0,
  revisions: noRevisions,
  plan: null,
  approvals: [],
  phases: [],
  order: null,
  progress: null,
  findings: [],
  ground: null,
  finished: null,
  executing: false,
  accounts: [],
  took: [],
  pushers: [],
  fixed: [],
  proposed: null,
  held: null,
  seen: null,
}

/** The record of an update. Only `keep()` writes it, so what is there has these types. */
export function recordOf(update: Update): UpdateRecord {
  return { ...nothing, ...update.state } as UpdateRecord
}

/** How plans came out, newest first: what estimates and calibration are made from. */
export async function finishedUpdates(
  updates: Pick<Updates, 'succeeded'>,
  of: { repo?: RepositoryName; limit: number },
): Promise<{ repo: RepositoryName; finished: FinishedUpdate }[]> {
  const kept = await updates.succeeded('finished', of)
  return kept.map(({ repo, value }) => ({ repo, finished: value as FinishedUpdate }))
}

/** Merges into the record of an update. */
export async function keep(updates: Updates, codename: string, part: Partial<UpdateRecord>): Promise<void> {
  await updates.advance(codename, { state: part as { [key: string]: Json } })
}

/** The record of an update that must be there, because a workflow of it runs. */
export async function recordNamed(updates: Updates, codename: string): Promise<UpdateRecord> {
  const update = await updates.byCodename(codename)
  if (!update) throw new Error(`There is no update named ${codename}.`)
  return recordOf(update)
}

/**
 * Enters a phase: the running one is closed, one that comes again counts another attempt. A repeated step enters nothing
 * twice. `stage` says which half of the story it belongs to, when that changes.
 */
export async function enterPhase(
  updates: Updates,
  codename: string,
  phase: Phase,
  more: { stage?: 'propose' | 'deliver'; part?: Partial<UpdateRecord> } = {},
): Promise<void> {
  const update = await updates.byCodename(codename)
  if (!update) throw new Error(`There is no update named ${codename}.`)
  const { phases } = recordOf(update)
  const at = new Date().toISOString()
  const running = update.phase === phase && phases.at(-1)?.name === phase
  const state = { ...more.part, ...(running ? {} : { phases: entered(phases, phase, at) }) }
  await updates.advance(codename, {
    phase,
    at,
    state: state as { [key: string]: Json },
    ...(more.stage === undefined ? {} : { stage: more.stage }),
  })
}

/** The phases after entering one at `at`; `ms` of the running one is 0 until it is left. */
function entered(phases: PhaseRecord[], name: Phase, at: string): PhaseRecord[] {
  const attempts = phases.filter((phase) => phase.name === name).length + 1
  return [...left(phases, at), { name, startedAt: at, ms: 0, attempts }]
}

/** The phases after leaving the running one at `at`. */
function left(phases: PhaseRecord[], at: string): PhaseRecord[] {
  return phases.map((phase) =>
    phase.ms === 0 ? { ...phase, ms: Math.max(1, Date.parse(at) - Date.parse(phase.startedAt)) } : phase,
  )
}

/** The end: its outcome, and the running phase closed. */
export async function finish(
  updates: Updates,
  codename: string,
  outcome: Outcome,
  part: Partial<UpdateRecord>,
): Promise<void> {
  const { phases } = await recordNamed(updates, codename)
  const at = new Date().toISOString()
  const state = { ...part, phases: left(phases, at) } as { [key: string]: Json }
  await updates.advance(codename, { outcome, phase: 'finished', at, state })
}
