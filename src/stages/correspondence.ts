import { addLabel, closeIssue, editComment, findComment, postComment, readIssue, setLabels } from '../github/issues.ts'
import { queuePlace } from '../policy/queue.ts'
import { renderStatus, type StatusView } from '../messages/status-comment.ts'
import type { Links } from '../messages/links.ts'
import type { UpdateRequest } from '../model.ts'
import { once } from './once.ts'
import { keep, recordNamed, recordOf, type UpdateRecord } from './record.ts'
import type { Desk, Services } from './services.ts'
import type { Bench } from './settings.ts'

/** Posts a comment of the update once; its first line is the marker by which an earlier try is found. */
export async function comment(
  services: Services,
  desk: Pick<Desk, 'at'>,
  request: UpdateRequest,
  name: string,
  body: string,
): Promise<number> {
  const marker = body.split('\n', 1)[0] ?? ''
  return once(services.acts, request, {
    name,
    what: { comment: name, issue: request.issue },
    look: () => findComment(desk.at, request.issue, marker),
    act: () => postComment(desk.at, request.issue, body),
  })
}

/** Brings the one status comment up to date; it is posted when there is none yet. `more` says what the record does not. */
export async function showStatus(
  services: Services,
  bench: Pick<Bench, 'at' | 'words'>,
  request: UpdateRequest,
  more: Partial<StatusView> = {},
): Promise<void> {
  const update = await services.updates.byCodename(request.codename)
  if (!update) throw new Error(`There is no update named ${request.codename}.`)
  const record = recordOf(update)
  const view: StatusView = {
    codename: request.codename,
    title: request.title,
    requester: request.requester,
    attempt: request.attempt,
    phase: update.phase,
    since: update.phaseSince,
    outcome: update.outcome,
    held: record.held,
    queue: await placeOf(services, request, record),
    phases: record.phases.slice(0, update.outcome === null ? -1 : undefined),
    fixes: Math.max(0, record.phases.filter(({ name }) => name === 'round 1').length - 1),
    links: linksOf(services, request, record),
    findings: record.findings,
    report: null,
    ...more,
  }
  const body = renderStatus(view, bench.words)
  if (record.statusComment === null) {
    const id = await comment(services, bench, request, 'status comment', body)
    await keep(services.updates, request.codename, { statusComment: id })
  } else await editComment(bench.at, record.statusComment, body)
}

/** Where an update stands among those of its repository that are approved or carried out (QUEUE-4). */
async function placeOf(services: Services, request: UpdateRequest, record: UpdateRecord): Promise<StatusView['queue']> {
  const active = await services.updates.active(request.repo)
  const queue = active
    .filter((update) => update.stage === 'deliver' || update.codename === request.codename)
    .toSorted((a, b) => approvedAt(recordOf(a)) - approvedAt(recordOf(b)))
    .map(({ codename, issue, phase }) => ({ id: codename, codename, issue, executing: phase !== 'queued' }))
  if (record.order !== null && queue.length < 2) return null
  const place = queuePlace(queue, request.codename)
  return place && { ...place, waitsFor: place.waitsFor.map(({ codename }) => codename) }
}

/** One that is not approved yet stands behind all that are. */
const approvedAt = (record: UpdateRecord) => {
  const last = record.order?.approvals.at(-1)?.at
  return last === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(last)
}

export function linksOf(services: Services, request: UpdateRequest, record: UpdateRecord): Links {
  const { planComment, progress } = record
  return {
    ...(planComment === null ? {} : { plan: `${request.htmlUrl}/issues/${request.issue}#issuecomment-${planComment}` }),
    ...(progress?.pull ? { pull: { number: progress.pull, url: `${request.htmlUrl}/pull/${progress.pull}` } } : {}),
    ...(services.publicUrl === null ? {} : { page: services.publicUrl }),
  }
}

/** The state labels; an issue has at most one of them. */
export type StateLabel = 'pawl:planned' | 'pawl:running' | 'pawl:done' | 'pawl:failed'

/** Puts the state label on an issue, whose other labels stay as GitHub has them now; closes it when asked. */
export async function label(
  desk: Desk,
  request: UpdateRequest,
  state: StateLabel | null,
  options: { close?: boolean; without?: string; known?: string[] } = {},
): Promise<void> {
  const labels = options.known ?? (await readIssue(desk.at, request.issue)).labels
  const kept = labels.filter((name) => !name.startsWith('pawl:') && name !== options.without)
  const wanted = state === null ? kept : [...kept, state]
  if (options.close) return closeIssue(desk.at, request.issue, wanted)
  if (wanted.length === labels.length && wanted.every((name) => labels.includes(name))) return
  // Adding leaves alone what people take off or put on in the same moment.
  if (state !== null && kept.length === labels.length) return addLabel(desk.at, request.issue, state)
  await setLabels(desk.at, request.issue, wanted)
}

/** The record of a running update, for the stages that need more than their order says. */
export function recordFor(services: Services, request: UpdateRequest): Promise<UpdateRecord> {
  return recordNamed(services.updates, request.codename)
}
