import { answer, notFound, paged, refuse } from '../answers.ts'
import { emitCheckRun, newSuite, settleSuite, suiteOf } from '../check-suites.ts'
import type { AnnotationRecord, CheckConclusion, CheckRunRecord, CheckStatus } from '../code-records.ts'
import type { Call, Handler, Handlers, World } from '../contract.ts'
import { readCommit } from '../git/commits.ts'
import { list, object, text } from '../json.ts'
import { openPulls } from '../pulls.ts'
import type { AppRecord } from '../records.ts'
import { summarise } from '../views/commit.ts'
import { annotationView, checkRunView } from '../views/check.ts'
import { rerequestRun } from './rerequest.ts'

const appsOnly = () => refuse(403, 'You must authenticate via a GitHub App.')

const create: Handler = async (call, world) => {
  const { repository, body, viaApp } = call
  if (viaApp === null) return appsOnly()
  const headSha = text(body['head_sha']) ?? ''
  const suiteId = await suiteFor(call, world, viaApp, headSha)
  if (suiteId === null) return refuse(422, `No commit found for SHA: ${headSha}`)
  const run = world.store.put('checkRun', {
    id: world.id(),
    repositoryId: repository.id,
    suiteId,
    appId: viaApp.id,
    name: text(body['name']) ?? '',
    headSha,
    externalId: '',
    detailsUrl: null,
    output: { title: null, summary: null, text: null },
    annotations: [],
    ...settingsIn(call),
    ...progress(call, world, null),
  })
  emitCheckRun(world, call, run, 'created')
  return told(call, world, 201, run, run.status === 'completed')
}

/** The suite of the app on the commit, made where a push has not made it; null when there is no such commit. */
async function suiteFor(call: Call, world: World, app: AppRecord, headSha: string): Promise<number | null> {
  const { repository } = call
  const known = suiteOf(world, repository, app.id, headSha)
  if (known !== undefined) return known.id
  const commit = await readCommit(world.gitDir(repository), headSha)
  if (commit === null) return null
  const pull = openPulls(world, repository).find((both) => both.pull.headSha === headSha)?.pull
  const given = { appId: app.id, headCommit: summarise(commit), headBranch: pull?.headRef ?? null }
  return newSuite(world, repository, { ...given, before: null, runId: null }).id
}

const update: Handler = (call, world) => {
  const run = world.store.get('checkRun', call.number('check_run_id'))
  if (run?.repositoryId !== call.repository.id) return notFound()
  if (call.viaApp === null) return appsOnly()
  if (call.viaApp.id !== run.appId) {
    return refuse(
      403,
      `Invalid app_id \`${run.appId}\` - check run can only be modified by the GitHub App that created it.`,
    )
  }
  const { annotations = [], ...settings } = settingsIn(call)
  const changed = world.store.put('checkRun', {
    ...run,
    ...settings,
    name: text(call.body['name']) ?? run.name,
    annotations: [...run.annotations, ...annotations],
    ...progress(call, world, run),
  })
  return told(call, world, 200, changed, changed.status === 'completed' && run.status !== 'completed')
}

function told(call: Call, world: World, status: number, run: CheckRunRecord, completed: boolean) {
  if (completed) emitCheckRun(world, call, run, 'completed')
  settleSuite(world, call, run.suiteId)
  return answer(status, checkRunView(world, call.repository, run))
}

/** What a body sets of a run apart from its state. */
function settingsIn({ body }: Call): Partial<CheckRunRecord> {
  const output = object(body['output'])
  const detailsUrl = text(body['details_url'])
  const externalId = text(body['external_id'])
  return {
    ...(detailsUrl === undefined ? {} : { detailsUrl }),
    ...(externalId === undefined ? {} : { externalId }),
    ...(output === undefined
      ? {}
      : {
          output: {
            title: text(output['title']) ?? null,
            summary: text(output['summary']) ?? null,
            text: text(output['text']) ?? null,
          },
          annotations: (list(output['annotations']) ?? []) as unknown as AnnotationRecord[],
        }),
  }
}

/** Status, conclusion and times. A conclusion completes a run; a status that is not `completed` opens it again. */
function progress(
  { body }: Call,
  world: World,
  run: CheckRunRecord | null,
): Pick<CheckRunRecord, 'status' | 'conclusion' | 'startedAt' | 'completedAt'> {
  const now = world.now()
  const given = text(body['conclusion']) as CheckConclusion | undefined
  const asked = text(body['status']) as CheckStatus | undefined
  const status = given === undefined ? (asked ?? run?.status ?? 'queued') : 'completed'
  const startedAt = text(body['started_at']) ?? run?.startedAt ?? now
  if (status !== 'completed') return { status, conclusion: null, startedAt, completedAt: null }
  const conclusion = given ?? run?.conclusion ?? 'neutral'
  return { status, conclusion, startedAt, completedAt: text(body['completed_at']) ?? run?.completedAt ?? now }
}

const get: Handler = (call, world) => {
  const run = world.store.get('checkRun', call.number('check_run_id'))
  return run?.repositoryId === call.repository.id ? answer(200, checkRunView(world, call.repository, run)) : notFound()
}

const listAnnotations: Handler = (call, world) => {
  const run = world.store.get('checkRun', call.number('check_run_id'))
  if (run?.repositoryId !== call.repository.id) return notFound()
  return paged(call, run.annotations, (each) => annotationView(world, call.repository, run, each))
}

export const checkRuns: Handlers = {
  'checks/create': create,
  'checks/update': update,
  'checks/get': get,
  'checks/list-annotations': listAnnotations,
  'checks/rerequest-run': rerequestRun,
}
