import { answer, notFound, paged, refuse } from '../answers.ts'
import { newSuite, suiteOf } from '../check-suites.ts'
import type { CheckRunRecord } from '../code-records.ts'
import type { Call, Handler, Handlers, World } from '../contract.ts'
import { readCommit } from '../git/commits.ts'
import { number, text } from '../json.ts'
import { latestRuns } from '../requirements.ts'
import { findRevision } from '../revisions.ts'
import { checkRunView, checkSuiteView } from '../views/check.ts'
import { summarise } from '../views/commit.ts'
import { rerequestSuite } from './rerequest.ts'

const listForRef: Handler = async (call, world) => {
  const sha = await shaOf(call, world)
  if (sha === null) return refuse(422, `No commit found for SHA: ${call.text('ref')}`)
  const runs = world.store.list('checkRun', call.repository.id).filter(({ headSha }) => headSha === sha)
  return listed(call, world, runs)
}

const listForSuite: Handler = (call, world) => {
  const suite = world.store.get('checkSuite', call.number('check_suite_id'))
  if (suite?.repositoryId !== call.repository.id) return notFound()
  return listed(
    call,
    world,
    world.store.list('checkRun', call.repository.id).filter((run) => run.suiteId === suite.id),
  )
}

function listed(call: Call, world: World, all: CheckRunRecord[]) {
  const name = text(call.query['check_name'])
  const status = text(call.query['status'])
  const appId = number(call.query['app_id'])
  const runs = (text(call.query['filter']) ?? 'latest') === 'latest' ? latestRuns(all) : all
  const shown = runs.filter(
    (run) =>
      (name === undefined || run.name === name) &&
      (status === undefined || run.status === status) &&
      (appId === undefined || run.appId === appId),
  )
  return paged(call, shown.toReversed(), (run) => checkRunView(world, call.repository, run), 'check_runs')
}

/** A full sha needs no git: what is not there has no checks either. */
async function shaOf(call: Call, world: World): Promise<string | null> {
  const ref = call.text('ref')
  const isKnown =
    /^[\da-f]{40}$/.test(ref) && world.store.list('checkRun', call.repository.id).some((run) => run.headSha === ref)
  if (isKnown) return ref
  const found = await findRevision(world, call.repository, ref)
  return found.ok ? found.commit.sha : null
}

const listSuitesForRef: Handler = async (call, world) => {
  const found = await findRevision(world, call.repository, call.text('ref'))
  if (!found.ok) return found.answer
  const appId = number(call.query['app_id'])
  const name = text(call.query['check_name'])
  const runs = world.store.list('checkRun', call.repository.id)
  const suites = world.store
    .list('checkSuite', call.repository.id)
    .filter(
      (suite) =>
        suite.headSha === found.commit.sha &&
        (appId === undefined || suite.appId === appId) &&
        (name === undefined || runs.some((run) => run.suiteId === suite.id && run.name === name)),
    )
  return paged(call, suites, (suite) => checkSuiteView(world, call.repository, suite), 'check_suites')
}

const getSuite: Handler = (call, world) => {
  const suite = world.store.get('checkSuite', call.number('check_suite_id'))
  return suite?.repositoryId === call.repository.id
    ? answer(200, checkSuiteView(world, call.repository, suite))
    : notFound()
}

const createSuite: Handler = async (call, world) => {
  const { repository, viaApp } = call
  if (viaApp === null) return refuse(403, 'You must authenticate via a GitHub App.')
  const headSha = text(call.body['head_sha']) ?? ''
  const known = suiteOf(world, repository, viaApp.id, headSha)
  if (known !== undefined) return answer(200, checkSuiteView(world, repository, known))
  const commit = await readCommit(world.gitDir(repository), headSha)
  if (commit === null) return refuse(422, `No commit found for SHA: ${headSha}`)
  const given = { appId: viaApp.id, headCommit: summarise(commit), headBranch: null, before: null, runId: null }
  return answer(201, checkSuiteView(world, repository, newSuite(world, repository, given)))
}

export const checkLists: Handlers = {
  'checks/list-for-ref': listForRef,
  'checks/list-for-suite': listForSuite,
  'checks/list-suites-for-ref': listSuitesForRef,
  'checks/get-suite': getSuite,
  'checks/create-suite': createSuite,
  'checks/rerequest-suite': rerequestSuite,
}
