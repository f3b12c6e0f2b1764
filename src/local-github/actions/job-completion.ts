import type { JsonObject } from './contract.ts'
import { evaluateToText, ExpressionFault } from './expression.ts'
import { isMapping } from './json.ts'
import { stepScope } from './job-runtime.ts'
import type { JobRuntime } from './job-runtime.ts'

/** The last step of a job: evaluates its outputs, which it gives, and the url of its environment. */
export function completeJob(job: JobRuntime): JsonObject {
  const { state } = job
  const step = state.steps.at(-1)
  if (step === undefined) return {}
  step.status = 'in_progress'
  step.startedAt = job.now().toISOString()
  const outputs: JsonObject = {}
  try {
    const scope = stepScope(job, {})
    for (const [name, template] of Object.entries(job.job.outputs)) {
      const value = evaluateToText(template, scope)
      // An output is seen by other jobs and their logs, which do not know what this job hides.
      if (job.masks.apply(value) !== value) {
        job.log.write(step.number, `##[warning]Skip output '${name}' since it may contain secret.`)
      } else if (value !== '') outputs[name] = value
    }
    const { environment } = job.job
    if (state.environment !== null && isMapping(environment)) {
      const url = evaluateToText(environment['url'] ?? null, scope)
      state.environment.url = url === '' ? null : job.masks.apply(url)
    }
    step.conclusion = 'success'
  } catch (error) {
    if (!(error instanceof ExpressionFault)) throw error
    state.annotations.push({ path: '.github', startLine: 1, endLine: 1, level: 'failure', message: error.message })
    job.log.write(step.number, `##[error]${error.message}`)
    if (job.status === 'success') job.status = 'failure'
    step.conclusion = 'failure'
  }
  step.status = 'completed'
  step.completedAt = job.now().toISOString()
  return outputs
}
