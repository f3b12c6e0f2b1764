import { unsupportedAction } from './known-actions.ts'
import { availability, checkCondition, checkExpressions } from './availability.ts'
import type { Json, JsonObject } from './contract.ts'
import { isMapping, scalarText } from './json.ts'
import { readSteps } from './parse-step.ts'
import { readPermissions } from './permissions.ts'
import { readMapping, readText, readTexts, WorkflowFault } from './workflow-fault.ts'
import type { Place } from './workflow-fault.ts'
import type { RunDefaults, WorkflowJob, WorkflowStep } from './workflow.ts'

const vocabularies = {
  name: availability.job,
  'runs-on': availability.job,
  env: availability.jobEnv,
  strategy: availability.strategy,
  defaults: availability.jobDefaults,
  outputs: availability.jobOutputs,
  'timeout-minutes': availability.job,
  'continue-on-error': availability.job,
  concurrency: availability.job,
  environment: availability.environment,
}
const keys = [
  ...Object.keys(vocabularies),
  'needs',
  'if',
  'steps',
  'permissions',
  'container',
  'services',
  'uses',
  'with',
  'secrets',
  'snapshot',
  'cancel-timeout-minutes',
]

/** Reads one job of `jobs:`. */
export function readJob(id: string, value: Json, place: Place): WorkflowJob {
  if (!/^[A-Za-z_][\w-]*$/.test(id)) throw new WorkflowFault(place, `The identifier '${id}' is invalid`)
  const job = readMapping(value, place, keys)
  for (const [key, vocabulary] of Object.entries(vocabularies)) {
    checkExpressions(job[key], [...place, key], vocabulary)
  }
  const condition = readText(job['if'], [...place, 'if'])
  checkCondition(condition, [...place, 'if'], availability.jobCondition)
  const isCall = job['uses'] !== undefined
  if (!isCall && job['runs-on'] === undefined) throw new WorkflowFault(place, "Required property is missing: 'runs-on'")
  const steps = isCall ? [] : readSteps(job['steps'], [...place, 'steps'])
  return {
    id,
    name: readText(job['name'], [...place, 'name']),
    needs: readTexts(job['needs'], [...place, 'needs']) ?? [],
    condition,
    runsOn: job['runs-on'] ?? [],
    env: typeof job['env'] === 'string' ? job['env'] : readMapping(job['env'], [...place, 'env'], null),
    strategy: readMapping(job['strategy'], [...place, 'strategy'], ['matrix', 'fail-fast', 'max-parallel']),
    defaults: readDefaults(job['defaults'], [...place, 'defaults']),
    steps,
    outputs: readMapping(job['outputs'], [...place, 'outputs'], null),
    timeoutMinutes: job['timeout-minutes'] ?? 360,
    continueOnError: job['continue-on-error'] ?? false,
    concurrency: job['concurrency'] ?? null,
    permissions: readPermissions(job['permissions'], [...place, 'permissions']),
    environment: job['environment'] ?? null,
    unsupported: unsupportedIn(job, steps),
  }
}

/** Reads `defaults:` of a workflow or a job. */
export function readDefaults(value: Json | undefined, place: Place): RunDefaults {
  const run = readMapping(readMapping(value, place, ['run'])['run'], [...place, 'run'], ['shell', 'working-directory'])
  return {
    shell: readText(run['shell'], [...place, 'run', 'shell']),
    workingDirectory: readText(run['working-directory'], [...place, 'run', 'working-directory']),
  }
}

function unsupportedIn(job: JsonObject, steps: WorkflowStep[]): string | null {
  if (job['uses'] !== undefined) {
    return `uses: ${scalarText(job['uses'])} is not supported here: reusable workflows run on GitHub only. Give the job steps of its own.`
  }
  if (isPresent(job['services'])) {
    return 'services: are not supported here: this runner starts no containers. Start the service in a `run` step.'
  }
  if (isPresent(job['container'])) {
    return 'container: is not supported here: this runner runs steps on the machine itself. Remove it, or run this job on GitHub.'
  }
  for (const step of steps) {
    const reason = step.act.kind === 'uses' ? unsupportedAction(step.act.action) : null
    if (reason !== null) return reason
  }
  return null
}

function isPresent(value: Json | undefined): boolean {
  return isMapping(value) ? Object.keys(value).length > 0 : value !== undefined && value !== null && value !== ''
}
