import { answer, notFound, refuse } from '../answers.ts'
import { emitCheckRun, emitSuite } from '../check-suites.ts'
import type { CheckSuiteRecord } from '../code-records.ts'
import type { Answer, Call, Handler, World } from '../contract.ts'
import { rerun } from '../run-attempts.ts'

/** Asks an app, or GitHub Actions, to make a check run again. GitHub leaves the run itself as it is until the app acts. */
export const rerequestRun: Handler = (call, world) => {
  const run = world.store.get('checkRun', call.number('check_run_id'))
  if (run?.repositoryId !== call.repository.id) return notFound()
  const suite = world.store.get('checkSuite', run.suiteId)
  if (suite === undefined) throw new Error(`the check run ${run.id} has no suite`)
  if (suite.runId !== null) return rerunOf(call, world, suite.runId)
  if (run.status !== 'completed') {
    return refuse(422, 'This check run is not completed and cannot be rerequested')
  }
  reset(world, suite)
  emitCheckRun(world, call, run, 'rerequested')
  return answer(201, {})
}

export const rerequestSuite: Handler = (call, world) => {
  const suite = world.store.get('checkSuite', call.number('check_suite_id'))
  if (suite?.repositoryId !== call.repository.id) return notFound()
  if (suite.runId !== null) return rerunOf(call, world, suite.runId)
  emitSuite(world, call, reset(world, suite), 'rerequested')
  return answer(201, {})
}

function reset(world: World, suite: CheckSuiteRecord): CheckSuiteRecord {
  return world.store.put('checkSuite', { ...suite, status: 'queued', conclusion: null, updatedAt: world.now() })
}

function rerunOf(call: Call, world: World, runId: number): Answer {
  const run = world.store.get('workflowRun', runId)
  if (run?.status !== 'completed') return refuse(403, 'This workflow run is not completed and cannot be run again')
  rerun(world, call.repository, run, call.actor)
  return answer(201, {})
}
