import type { StepState } from './contract.ts'
import { runAction } from './action.ts'
import { evaluateCondition, evaluateToText, ExpressionFault } from './expression.ts'
import type { Scope } from './expression.ts'
import { readEnv } from './job-plan.ts'
import { stepScope } from './job-runtime.ts'
import type { JobRuntime } from './job-runtime.ts'
import { runScript } from './run-script.ts'
import { makeStepFiles } from './step-files.ts'
import { createStepOutput } from './step-output.ts'
import { withStepLimits } from './step-limits.ts'
import type { StepRun } from './step-run.ts'
import type { WorkflowStep } from './workflow.ts'

type Outcome = 'success' | 'failure' | 'cancelled' | 'skipped'

/** Runs one step if its condition holds, and puts what came of it into the job: its state, status and `steps` context. */
export async function runStep(job: JobRuntime, step: WorkflowStep, state: StepState): Promise<void> {
  const output = createStepOutput(job, state.number)
  const outputs: Record<string, string> = {}
  let outcome: Outcome = 'failure'
  let forgiven = false
  try {
    const env = readEnv(step.env, stepScope(job, {}))
    const scope = stepScope(job, env)
    if (!evaluateCondition(step.condition, scope)) {
      outcome = 'skipped'
    } else {
      begin(job, step, state, scope)
      const files = await makeStepFiles(job, state.number)
      const run = {
        job,
        step,
        number: state.number,
        scope,
        env,
        output,
        files: files.environment,
        outputs,
        stopping: new AbortController(),
      }
      outcome = await act(run, evaluateToText(step.timeoutMinutes, scope))
      const collected = await files.collect()
      if (collected.ok) Object.assign(outputs, output.outputs, collected.outputs)
      const fault = collected.ok ? output.fault() : collected.error
      if (fault !== null && outcome === 'success') {
        output.fail(fault)
        outcome = 'failure'
      }
      if (outcome === 'failure') forgiven = evaluateToText(step.continueOnError, scope) === 'true'
    }
  } catch (error) {
    if (!(error instanceof ExpressionFault)) throw error
    output.fail(error.message)
    outcome = 'failure'
  }
  const conclusion = forgiven ? 'success' : outcome
  if (conclusion === 'failure' && job.status === 'success') job.status = 'failure'
  if (step.id !== null) job.steps = { ...job.steps, [step.id]: { outputs, outcome, conclusion } }
  finish(job, state, conclusion)
}

/** What a step is called before its expressions can be evaluated. */
export function stepTitle(step: WorkflowStep): string {
  if (step.name !== null) return step.name
  const { act: what } = step
  return `Run ${what.kind === 'uses' ? what.action : (what.script.trim().split('\n')[0] ?? '')}`
}

async function act(run: StepRun, timeoutMinutes: string): Promise<Outcome> {
  const { step, output } = run
  const minutes = timeoutMinutes === '' ? null : Number(timeoutMinutes)
  if (Number.isNaN(minutes)) throw new ExpressionFault(`'${timeoutMinutes}' is no number of minutes for a time-out`)
  const ended = await withStepLimits(run, minutes, () =>
    step.act.kind === 'run' ? runScript(run, step.act.script) : runAction(run, step.act.action, step.act.inputs),
  )
  if (ended.why === 'itself') {
    if (ended.result === 'success') return 'success'
    output.fail(ended.result.error)
    return 'failure'
  }
  output.fail(
    ended.why === 'time' ? `The step has timed out after ${timeoutMinutes} minutes.` : 'The operation was canceled.',
  )
  return ended.why === 'time' ? 'failure' : 'cancelled'
}

function begin(job: JobRuntime, step: WorkflowStep, state: StepState, scope: Scope): void {
  state.name = job.masks.apply(evaluateToText(stepTitle(step), scope))
  state.status = 'in_progress'
  state.startedAt = job.now().toISOString()
  job.report()
}

function finish(job: JobRuntime, state: StepState, conclusion: Outcome): void {
  const at = job.now().toISOString()
  state.startedAt ??= at
  state.completedAt = at
  state.status = 'completed'
  state.conclusion = conclusion
  job.report()
}
