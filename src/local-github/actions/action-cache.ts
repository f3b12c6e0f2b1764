import type { StepResult, StepRun } from './step-run.ts'

/** `actions/cache`, its restore and its save: there is no cache here, so that every run begins alike. */
export function missCache({ job, number, outputs }: StepRun, inputs: Record<string, string>): StepResult {
  const keys = [inputs['key'] ?? '', ...(inputs['restore-keys'] ?? '').split('\n')].map((key) => key.trim())
  const message = `Cache not found for input keys: ${keys.filter(Boolean).join(', ')}`
  outputs['cache-hit'] = 'false'
  outputs['cache-primary-key'] = inputs['key'] ?? ''
  outputs['cache-matched-key'] = ''
  if (inputs['fail-on-cache-miss'] === 'true') return { error: `Failed to restore cache entry. ${message}` }
  job.log.write(number, message)
  return 'success'
}
