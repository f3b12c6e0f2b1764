import type { Json } from './contract.ts'
import { faultIn } from './expression.ts'
import type { Vocabulary } from './expression.ts'
import { isMapping } from './json.ts'
import { WorkflowFault } from './workflow-fault.ts'
import type { Place } from './workflow-fault.ts'

const statusFunctions = ['success', 'failure', 'cancelled', 'always'].map((name) => ({
  name,
  minArgs: 0,
  maxArgs: name === 'success' || name === 'failure' ? 255 : 0,
}))
const hashFiles = { name: 'hashFiles', minArgs: 1, maxArgs: 255 }

const beforeJob = ['github', 'needs', 'strategy', 'matrix', 'vars', 'inputs']
const inJob = [...beforeJob, 'env', 'job', 'runner', 'secrets', 'steps']

/**
 * Which contexts and functions may be used where, as GitHub documents it under "Context availability". Anything else is
 * an error of the file: `secrets` in an `if`, `steps` in a job's `name`.
 */
export const availability = {
  run: { contexts: ['github', 'inputs', 'vars'], functions: [] },
  runEnv: { contexts: ['github', 'secrets', 'inputs', 'vars'], functions: [] },
  strategy: { contexts: ['github', 'needs', 'vars', 'inputs'], functions: [] },
  jobCondition: { contexts: ['github', 'needs', 'vars', 'inputs'], functions: statusFunctions },
  job: { contexts: beforeJob, functions: [] },
  jobEnv: { contexts: [...beforeJob, 'secrets'], functions: [] },
  jobDefaults: { contexts: [...beforeJob, 'env'], functions: [] },
  jobOutputs: { contexts: inJob, functions: [] },
  environment: { contexts: [...beforeJob, 'job', 'runner', 'env', 'steps'], functions: [] },
  stepCondition: {
    contexts: inJob.filter((name) => name !== 'secrets'),
    functions: [...statusFunctions, hashFiles],
  },
  step: { contexts: inJob, functions: [hashFiles] },
} satisfies Record<string, Vocabulary>

/** Throws the first fault of an expression in a value, also inside of lists and mappings. */
export function checkExpressions(value: Json | undefined, place: Place, vocabulary: Vocabulary): void {
  if (typeof value === 'string') {
    const fault = faultIn(value, vocabulary)
    if (fault !== null) throw new WorkflowFault(place, fault)
  } else if (Array.isArray(value)) {
    value.forEach((inner, index) => checkExpressions(inner, [...place, index], vocabulary))
  } else if (isMapping(value)) {
    for (const [key, inner] of Object.entries(value)) checkExpressions(inner, [...place, key], vocabulary)
  }
}

/** As `checkExpressions`, for an `if`, which needs no braces. */
export function checkCondition(condition: string | null, place: Place, vocabulary: Vocabulary): void {
  const fault = condition === null ? null : faultIn(condition, vocabulary, true)
  if (fault !== null) throw new WorkflowFault(place, fault)
}
