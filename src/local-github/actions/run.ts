import { readBlob } from '../git/objects.ts'
import { entryAt } from '../git/trees.ts'
import { githubContext, inputsContext } from './contexts.ts'
import type { RunConclusion, RunOutcome, RunRequest } from './contract.ts'
import { evaluateToText, ExpressionFault } from './expression.ts'
import type { Scope } from './expression.ts'
import { ancestors } from './job-graph.ts'
import { runFamily } from './job-family.ts'
import type { Family } from './job-family.ts'
import { planConcurrency } from './job-plan.ts'
import type { ConcurrencyPlan } from './job-plan.ts'
import { parseWorkflow } from './parse-workflow.ts'
import type { ParsedWorkflow } from './parse-workflow.ts'
import { createReporter } from './reporter.ts'
import type { Reporter } from './reporter.ts'
import type { Machine, RunContext } from './run-context.ts'
import { settleAll } from './settle-all.ts'

/** Executes a run from the reading of its file to its last report; `closing` cancels it as `request.signal` does. */
export async function executeRun(request: RunRequest, machine: Machine, closing: AbortSignal): Promise<RunOutcome> {
  const reporter = createReporter(request.report, machine.now)
  const outcome = await guarded(request, machine, reporter, closing)
  await reporter.flush()
  return outcome
}

async function guarded(
  request: RunRequest,
  machine: Machine,
  reporter: Reporter,
  closing: AbortSignal,
): Promise<RunOutcome> {
  const parsed = await loadWorkflow(request)
  if (!parsed.ok) return failedToStart(reporter, parsed.name, parsed.error)
  const { workflow } = parsed
  const replaced = new AbortController()
  const cancelled = AbortSignal.any([request.signal, closing, reporter.failed, replaced.signal])
  const context = {
    request,
    workflow,
    machine,
    reporter,
    github: githubContext(request, workflow),
    inputs: inputsContext(workflow, request.event),
    cancelled,
  }
  const plan = planRun(context)
  if ('error' in plan) return failedToStart(reporter, workflow.name, plan.error)
  const tell = (status: 'queued' | 'in_progress' | 'completed', conclusion: RunConclusion | null) =>
    reporter.run({ status, conclusion, name: workflow.name, title: plan.title, error: null })
  tell('queued', null)
  const turn = await enterGroup(context, plan.concurrency, () => replaced.abort())
  if (!turn.ok) {
    tell('completed', 'cancelled')
    return { conclusion: 'cancelled', jobs: [] }
  }
  try {
    tell('in_progress', null)
    const families = await runJobs({ ...context, group: plan.concurrency?.group ?? null }, () => replaced.abort())
    const conclusion = conclude(families, cancelled.aborted)
    tell('completed', conclusion)
    return { conclusion, jobs: families.flatMap(({ states }) => states) }
  } finally {
    turn.release()
  }
}

async function loadWorkflow({ repository, event, workflowPath }: RunRequest): Promise<ParsedWorkflow> {
  const missing: ParsedWorkflow = {
    ok: false,
    name: workflowPath,
    error: `There is no file ${workflowPath} in ${event.sha}`,
  }
  const entry = await entryAt(repository, event.sha, workflowPath)
  const text = entry === null || entry.type !== 'blob' ? null : await readBlob(repository, entry.sha)
  return text === null ? missing : parseWorkflow({ path: workflowPath, text: text.toString() })
}

function failedToStart(reporter: Reporter, name: string, error: string): RunOutcome {
  reporter.run({ status: 'completed', conclusion: 'startup_failure', name, title: null, error })
  return { conclusion: 'startup_failure', jobs: [] }
}

interface RunPlan {
  title: string | null
  concurrency: ConcurrencyPlan | null
}

function planRun(run: Omit<RunContext, 'group'>): RunPlan | { error: string } {
  const scope: Scope = {
    contexts: { github: run.github, inputs: run.inputs, vars: run.request.vars },
    functions: [],
  }
  try {
    const { runName, concurrency } = run.workflow
    const title = runName === null ? '' : evaluateToText(runName, scope)
    return { title: title === '' ? null : title, concurrency: planConcurrency(concurrency, scope) }
  } catch (error) {
    if (!(error instanceof ExpressionFault)) throw error
    return { error: error.message }
  }
}

async function enterGroup(run: Omit<RunContext, 'group'>, plan: ConcurrencyPlan | null, cancel: () => void) {
  if (plan === null) return { ok: true, release: () => {} } as const
  return run.machine.groups.enter({
    group: `${run.request.fullName}/${plan.group}`,
    cancelInProgress: plan.cancelInProgress,
    cancel,
    signal: run.cancelled,
  })
}

/** Runs every job as soon as those that it needs have ended. */
async function runJobs(run: RunContext, fail: () => void): Promise<Family[]> {
  const { jobs } = run.workflow
  const started = new Map<string, Promise<Family>>()
  const start = (id: string): Promise<Family> => {
    const known = started.get(id)
    if (known !== undefined) return known
    const family = runAfter(run, id, start)
    started.set(id, family)
    return family
  }
  return settleAll(
    jobs.map((job) => start(job.id)),
    fail,
  )
}

async function runAfter(run: RunContext, id: string, start: (id: string) => Promise<Family>): Promise<Family> {
  const job = run.workflow.jobs.find((one) => one.id === id)
  if (job === undefined) throw new Error(`There is no job ${id} in ${run.workflow.path}`)
  const above = ancestors(run.workflow.jobs, id)
  const families = await Promise.all(above.map(async (one) => [one, await start(one)] as const))
  return runFamily(run, job, {
    needs: Object.fromEntries(families.filter(([one]) => job.needs.includes(one))),
    ancestors: families.map(([, family]) => family),
  })
}

function conclude(families: Family[], cancelled: boolean): RunConclusion {
  if (cancelled) return 'cancelled'
  const results = families.map(({ result }) => result)
  if (results.includes('failure')) {
    const states = families.flatMap((family) => (family.result === 'failure' ? family.states : []))
    return states.some((state) => state.conclusion === 'failure') ? 'failure' : 'timed_out'
  }
  if (results.includes('cancelled')) return 'cancelled'
  return results.every((result) => result === 'skipped') ? 'skipped' : 'success'
}
