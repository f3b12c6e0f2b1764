import {
  addLabel,
  closeIssue,
  editComment,
  findComment,
  postComment,
  readIssue,
  reopenIssue,
  setLabels,
} from '../github/issues.ts'
import { queuePlace } from '../policy/queue.ts'
import { renderStatus, type StatusView } from '../messages/status-comment.ts'
import type { Links } from '../messages/links.ts'
import type { Place } from '../messages/queue-text.ts'
import type { UpdateRequest } from '../model.ts'
import { once, recorded } from './once.ts'
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
    // Who waits for people has no place yet that would stay true.
    queue: update.phase === 'awaiting approval' ? null : await placeOf(services, request),
    phases: record.phases.slice(0, update.outcome === null ? -1 : undefined),
    starts: false,
    fixes: record.fixed.length,
    links: linksOf(services, request, record),
    findings: record.findings,
    report: null,
    ...more,
  }
  const body = renderStatus(view, bench.words)
  if (record.statusComment === null) {
    const id = await comment(services, bench, request, 'status comment', body)
    await keep(services.updates, request.codename, { statusComment: id })
    return
  }
  const { statusComment: id } = record
  const what = { comment: id, phase: view.phase, outcome: view.outcome }
  await recorded(services.acts, request, { name: 'edit the status comment', what }, () =>
    editComment(bench.at, id, body),
  )
}

/** Brings those up to date that wait behind an update which is over: their places have changed (QUEUE-4). */
export async function showWaiting(
  services: Services,
  bench: Pick<Bench, 'at' | 'words'>,
  request: UpdateRequest,
): Promise<void> {
  for (const update of await services.updates.active(request.repo)) {
    if (update.phase === 'queued' && update.codename !== request.codename)
      await showStatus(services, bench, recordOf(update).request)
  }
}

/** Where an update stands among those of its repository that are approved or carried out (QUEUE-4); `null` where it is alone. */
export async function placeOf(
  services: Services,
  { repo, codename }: Pick<UpdateRequest, 'repo' | 'codename'>,
): Promise<Place | null> {
  const active = await services.updates.active(repo)
  const queue = active
    .filter((update) => update.stage === 'deliver' || update.codename === codename)
    .toSorted((a, b) => queuedAt(recordOf(a)) - queuedAt(recordOf(b)))
  const [first] = queue
  if (queue.length < 2 && first !== undefined && recordOf(first).order !== null) return null
  const place = queuePlace(
    queue.map((each) => ({ ...each, id: each.codename, executing: recordOf(each).executing })),
    codename,
  )
  return place && { ...place, waitsFor: place.waitsFor.map((each) => each.codename) }
}

/** When it was approved, epoch ms. One that is not approved yet stands behind all that are. */
const queuedAt = ({ phases }: UpdateRecord) => {
  const since = phases.findLast(({ name }) => name === 'queued')?.startedAt
  return since === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(since)
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

/** The labels as webhooks told, once they told of the label that says it runs: what people do to labels comes by webhook as well. */
async function labelsWhileRunning({ updates }: Services, { codename }: UpdateRequest): Promise<string[] | null> {
  const { seen } = await recordNamed(updates, codename)
  return seen?.labels.includes('pawl:running') === true ? seen.labels : null
}

/** Puts the state label on an issue, whose other labels stay as GitHub has them now; closes it or opens it again when asked. */
export async function label(
  services: Services,
  desk: Desk,
  request: UpdateRequest,
  state: StateLabel | null,
  options: { close?: boolean; without?: string; known?: string[] } = {},
): Promise<void> {
  const labels =
    options.known ?? (await labelsWhileRunning(services, request)) ?? (await readIssue(desk.at, request.issue)).labels
  const kept = labels.filter((name) => !name.startsWith('pawl:') && name !== options.without)
  const wanted = state === null ? kept : [...kept, state]
  const same = wanted.length === labels.length && wanted.every((name) => labels.includes(name))
  if (same && options.close === undefined) return
  const what = {
    labels: wanted,
    ...(options.close === undefined ? {} : { state: options.close ? 'closed' : 'open' }),
  }
  await recorded(services.acts, request, { name: 'label the issue', what }, () => {
    if (options.close === true) return closeIssue(desk.at, request.issue, wanted)
    if (options.close === false) return reopenIssue(desk.at, request.issue, wanted)
    // Adding leaves alone what people take off or put on in the same moment.
    if (state !== null && kept.length === labels.length) return addLabel(desk.at, request.issue, state)
    return setLabels(desk.at, request.issue, wanted)
  })
}
