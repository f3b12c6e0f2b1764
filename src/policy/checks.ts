import type { CheckRun, ExpectedChecks, Finding, GateName, Verdict } from '../model.ts'
import { fault, pending, verdictOf } from './verdict.ts'

/** Times are epoch ms, durations ms. `since` is when the commit was there to be checked. */
export type CheckFacts = {
  gate: Extract<GateName, 'round1' | 'round2' | 'preflight'>
  expected: ExpectedChecks
  runs: CheckRun[]
  /** Slugs of the apps whose runs count. Ours is never among them: our own verdict is never our own gate. */
  trusted: string[]
  since: number
  now: number
  appears: number
  timeout: number
}

const PASSING = new Set(['success', 'neutral', 'skipped'])
const FAILING = new Set(['action_required', 'cancelled', 'failure', 'stale', 'startup_failure', 'timed_out'])
const UNDER_WAY = new Set(['queued', 'in_progress', 'waiting', 'requested', 'pending'])

/** One run's answer, total over everything GitHub may send: what is unknown fails ("REST API, check runs"). */
export function foldRun(run: Pick<CheckRun, 'status' | 'conclusion'>): 'pass' | 'fail' | 'wait' {
  if (run.status === 'completed') return run.conclusion !== null && PASSING.has(run.conclusion) ? 'pass' : 'fail'
  return UNDER_WAY.has(run.status) ? 'wait' : 'fail'
}

/**
 * Judges the check runs of a commit (GATE-4, GATE-5). Only runs of trusted apps count; of one identity the newest attempt
 * counts; what is missing is pending until `appears` has passed and then fails; nothing at all is no success.
 */
export function judgeChecks(facts: CheckFacts): Verdict {
  const { gate, expected, now, since, appears, timeout } = facts
  if (expected.mode === 'none') return verdictOf(gate, [])
  const runs = newestAttempts(countedRuns(facts)).filter(
    (run) => expected.mode === 'all' || expected.names.includes(run.name),
  )
  const late = now - since >= timeout
  const findings: Finding[] = []
  let waiting = false
  for (const run of runs) {
    const folded = foldRun(run)
    if (folded === 'fail') findings.push(failed(gate, run))
    if (folded !== 'wait') continue
    waiting = true
    findings.push(
      late ? timedOut(gate, run, timeout) : pending(gate, 'check-pending', `${run.name} is ${saidStatus(run)}.`),
    )
  }
  const missing = missingFrom(runs, facts)
  if (missing.length > 0 && now - since < Math.min(appears, timeout)) {
    waiting = true
    findings.push(...missing.map((each) => pending(gate, 'check-pending', `${each.what} has not appeared yet.`)))
  } else {
    findings.push(
      ...missing.map((each) =>
        fault(gate, each.rule, `${each.what} did not appear within ${seconds(appears)}.`, each.remedy),
      ),
    )
  }
  return verdictOf(gate, findings, waiting)
}

function countedRuns({ runs, trusted }: CheckFacts): CheckRun[] {
  return runs.filter((run) => trusted.includes(run.app))
}

/** Identity is app, workflow and name; the suite stands for the workflow, because each run of one has a suite of its own. */
function newestAttempts(runs: CheckRun[]): CheckRun[] {
  const newest = new Map<string, CheckRun>()
  for (const run of runs) {
    const identity = JSON.stringify([run.app, run.suite, run.name])
    const other = newest.get(identity)
    if (other === undefined || run.id > other.id) newest.set(identity, run)
  }
  return [...newest.values()]
}

type Missing = { rule: 'check-missing' | 'checks-none'; what: string; remedy: string }

function missingFrom(runs: CheckRun[], { expected, runs: all }: CheckFacts): Missing[] {
  const missing = expected.names
    .filter((name) => !runs.some((run) => run.name === name))
    .map((name): Missing => {
      const strangers = all.filter((run) => run.name === name).map((run) => run.app)
      const remedy =
        strangers.length > 0
          ? `A check of that name by the app ${strangers[0]} does not count: only trusted apps do. Run it in GitHub Actions, or take the name out of validation in .github/pawl.yml.`
          : 'See that a workflow with a job of that name runs on this event, or take the name out of validation in .github/pawl.yml.'
      return { rule: 'check-missing', what: `The check ${name}`, remedy }
    })
  const suites = new Set(runs.map((run) => run.suite)).size
  if (expected.mode === 'all' && suites < expected.workflows) {
    const what = `${expected.workflows - suites} of ${expected.workflows} expected workflow runs`
    missing.push({ rule: 'check-missing', what, remedy: 'See on the Actions page why the workflow did not start.' })
  }
  if (runs.length === 0 && missing.length === 0) {
    const remedy =
      'Add a workflow that runs on this event, or write checks: [] under validation if there is none on purpose.'
    missing.push({ rule: 'checks-none', what: 'Any check', remedy })
  }
  return missing
}

function failed(gate: GateName, run: CheckRun): Finding {
  if (run.status !== 'completed' || run.conclusion === null || !FAILING.has(run.conclusion)) {
    const state =
      run.status === 'completed' ? `the conclusion ${run.conclusion ?? 'nothing'}` : `the status ${run.status}`
    const message = `The check ${run.name} has ${state}, which is none that Pawl knows.`
    return fault(gate, 'check-unknown', message, `Look at ${run.url}; run the check again.`)
  }
  const message = `The check ${run.name} ended as ${run.conclusion.replaceAll('_', ' ')}.`
  return fault(gate, 'check-failed', message, `Read its log at ${run.url}.`)
}

function timedOut(gate: GateName, run: CheckRun, timeout: number): Finding {
  const message = `The check ${run.name} was still ${saidStatus(run)} after ${seconds(timeout)}.`
  return fault(gate, 'check-timed-out', message, `See at ${run.url} what it waits for, or raise the round's timeout.`)
}

const saidStatus = (run: CheckRun) => (run.status === 'in_progress' ? 'running' : run.status)
const seconds = (ms: number) => (ms < 120_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000)} min`)
