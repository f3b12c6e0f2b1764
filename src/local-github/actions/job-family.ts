import type { JobState, Json, JsonObject } from './contract.ts'
import { evaluateCondition, ExpressionFault } from './expression.ts'
import type { Scope } from './expression.ts'
import { executeJob } from './job.ts'
import type { JobResult } from './job.ts'
import { planJob, queuedState, strategyContext } from './job-plan.ts'
import type { JobPlan } from './job-plan.ts'
import { expandStrategy } from './matrix.ts'
import type { Strategy } from './matrix.ts'
import type { RunContext } from './run-context.ts'
import { settleAll } from './settle-all.ts'
import { createSlots } from './slots.ts'
import { statusFunctions } from './status-functions.ts'
import type { WorkflowJob } from './workflow.ts'

type FamilyResult = 'success' | 'failure' | 'cancelled' | 'skipped'

/** What an id of `jobs:` came to: one job, or all jobs of its matrix. */
export interface Family {
  /** What `needs` sees: a job with `continue-on-error` counts as a success. */
  result: FamilyResult
  outputs: JsonObject
  states: JobState[]
}

/** What came of the jobs that must end before. */
export interface Before {
  needs: Record<string, Family>
  ancestors: Family[]
}

/** Runs a job of the workflow, with all jobs of its matrix, once everything that it needs has ended. */
export async function runFamily(run: RunContext, job: WorkflowJob, before: Before): Promise<Family> {
  const scope = familyScope(run, before)
  if (run.cancelled.aborted) return without(run, job, 'cancelled', null)
  let plans: JobPlan[]
  let strategy: Strategy
  try {
    if (!evaluateCondition(job.condition, scope)) return without(run, job, 'skipped', null)
    strategy = expandStrategy(job.strategy, scope)
    plans = planAll(run, job, strategy, scope)
  } catch (error) {
    if (!(error instanceof ExpressionFault)) throw error
    return without(run, job, 'failure', error.message)
  }
  return runPlans(run, plans, strategy)
}

function planAll(run: RunContext, job: WorkflowJob, strategy: Strategy, scope: Scope): JobPlan[] {
  const { combinations, failFast, maxParallel } = strategy
  return combinations.map((matrix, index) => {
    const contexts: JsonObject = {
      ...scope.contexts,
      matrix,
      strategy: strategyContext(index, combinations.length, failFast, maxParallel),
    }
    return planJob(run.workflow, job, matrix === null ? job.id : `${job.id}/${index}`, { ...scope, contexts })
  })
}

async function runPlans(run: RunContext, plans: JobPlan[], strategy: Strategy): Promise<Family> {
  const failed = new AbortController()
  const cancelled = AbortSignal.any([run.cancelled, failed.signal])
  const places = createSlots(strategy.maxParallel)
  const results = await settleAll(
    plans.map(async (plan) => {
      const result = await runInTurn(run, plan, places.take, cancelled)
      const isFailed = result.state.conclusion === 'failure' || result.state.conclusion === 'timed_out'
      if (isFailed && !plan.continueOnError && strategy.failFast) failed.abort()
      return { ...result, counted: counted(plan, result.state) }
    }),
    () => failed.abort(),
  )
  const all = results.map(({ counted: result }) => result)
  return {
    result: (['failure', 'cancelled', 'success'] as const).find((one) => all.includes(one)) ?? 'skipped',
    outputs: Object.assign({}, ...results.map(({ outputs }) => outputs)) as JsonObject,
    states: results.map(({ state }) => state),
  }
}

function counted(plan: JobPlan, state: JobState): FamilyResult {
  if (state.conclusion === 'timed_out' || state.conclusion === 'failure') {
    return plan.continueOnError ? 'success' : 'failure'
  }
  return state.conclusion ?? 'failure'
}

/** Waits for the job's places: in its matrix, in its concurrency group, on this machine. */
async function runInTurn(
  run: RunContext,
  plan: JobPlan,
  take: ReturnType<typeof createSlots>['take'],
  cancelled: AbortSignal,
): Promise<JobResult> {
  const state = queuedState(plan)
  run.reporter.job(state)
  const replaced = new AbortController()
  const ending = AbortSignal.any([cancelled, replaced.signal])
  const releases: (() => void)[] = []
  try {
    const place = await take(ending)
    if (place === null) return unstarted(run, state, null)
    releases.push(place)
    const turn = await enterGroup(run, plan, replaced, ending)
    if (!turn.ok) return unstarted(run, state, turn.reason)
    releases.push(turn.release)
    const slot = await run.machine.slots.take(ending)
    if (slot === null) return unstarted(run, state, null)
    releases.push(slot)
    return await executeJob(run, plan, ending)
  } finally {
    for (const release of releases.reverse()) release()
  }
}

async function enterGroup(run: RunContext, plan: JobPlan, replaced: AbortController, signal: AbortSignal) {
  const { concurrency } = plan
  if (concurrency === null) return { ok: true, release: () => {} } as const
  const { group, cancelInProgress } = concurrency
  if (run.group !== null && group.toLowerCase() === run.group.toLowerCase()) {
    const reason = `Canceling since a deadlock for concurrency group '${group}' was detected between the workflow and '${plan.name}'`
    return { ok: false, reason } as const
  }
  return run.machine.groups.enter({
    group: `${run.request.fullName}/${group}`,
    cancelInProgress,
    cancel: () => replaced.abort(),
    signal,
  })
}

function unstarted(run: RunContext, state: JobState, reason: string | null): JobResult {
  conclude(run, state, 'cancelled', reason)
  return { state, outputs: {} }
}

/** A job that never gets a place; its matrix is not expanded then. */
function without(run: RunContext, job: WorkflowJob, result: FamilyResult, error: string | null): Family {
  const state = queuedState({ job, key: job.id, name: job.name ?? job.id })
  conclude(run, state, result, error)
  return { result, outputs: {}, states: [state] }
}

function conclude(run: RunContext, state: JobState, conclusion: FamilyResult, error: string | null): void {
  const at = run.machine.now().toISOString()
  state.status = 'completed'
  state.conclusion = conclusion
  state.startedAt = at
  state.completedAt = at
  state.error = error
  if (error !== null && conclusion === 'failure') {
    state.annotations.push({ path: '.github', startLine: 1, endLine: 1, level: 'failure', message: error })
  }
  run.reporter.job(state)
}

function familyScope(run: RunContext, { needs, ancestors }: Before): Scope {
  const context: Record<string, Json> = {}
  for (const [id, family] of Object.entries(needs)) context[id] = { result: family.result, outputs: family.outputs }
  const results = ancestors.map(({ result }) => result)
  return {
    contexts: { github: run.github, inputs: run.inputs, vars: run.request.vars, needs: context },
    functions: statusFunctions({
      success: results.every((result) => result === 'success'),
      failure: results.includes('failure'),
      cancelled: run.cancelled.aborted,
    }),
  }
}
