import { availability, checkCondition, checkExpressions } from './availability.ts'
import type { Json } from './contract.ts'
import { readMapping, readText, WorkflowFault } from './workflow-fault.ts'
import type { Place } from './workflow-fault.ts'
import type { WorkflowStep } from './workflow.ts'

const keys = [
  'id',
  'name',
  'if',
  'run',
  'uses',
  'with',
  'shell',
  'working-directory',
  'env',
  'continue-on-error',
  'timeout-minutes',
]

/** Reads `steps:` of a job, which must have one at least. */
export function readSteps(value: Json | undefined, place: Place): WorkflowStep[] {
  if (!Array.isArray(value) || value.length === 0) throw new WorkflowFault(place, 'A sequence of steps was expected')
  const steps = value.map((step, index) => readStep(step, [...place, index]))
  const ids = new Set<string>()
  for (const [index, { id }] of steps.entries()) {
    if (id === null) continue
    if (ids.has(id.toLowerCase())) {
      throw new WorkflowFault([...place, index, 'id'], `The identifier '${id}' may not be used more than once`)
    }
    ids.add(id.toLowerCase())
  }
  return steps
}

function readStep(value: Json, place: Place): WorkflowStep {
  const step = readMapping(value, place, keys)
  const text = (key: string) => readText(step[key], [...place, key])
  const id = text('id')
  if (id !== null && !/^[A-Za-z_][\w-]*$/.test(id)) {
    throw new WorkflowFault([...place, 'id'], `The identifier '${id}' is invalid`)
  }
  const condition = text('if')
  checkCondition(condition, [...place, 'if'], availability.stepCondition)
  for (const key of keys.filter((name) => name !== 'if' && name !== 'id' && name !== 'uses')) {
    checkExpressions(step[key], [...place, key], availability.step)
  }
  return {
    id,
    name: text('name'),
    condition,
    act: readAct(text('run'), text('uses'), step['with'], place),
    shell: text('shell'),
    workingDirectory: text('working-directory'),
    env: typeof step['env'] === 'string' ? step['env'] : readMapping(step['env'], [...place, 'env'], null),
    continueOnError: step['continue-on-error'] ?? false,
    timeoutMinutes: step['timeout-minutes'] ?? null,
  }
}

function readAct(
  script: string | null,
  action: string | null,
  inputs: Json | undefined,
  place: Place,
): WorkflowStep['act'] {
  if (script !== null && action !== null) throw new WorkflowFault(place, 'A step has either `run` or `uses`, not both')
  if (script !== null) return { kind: 'run', script }
  if (action === null) throw new WorkflowFault(place, 'Either `run` or `uses` must be given for a step')
  return { kind: 'uses', action, inputs: readMapping(inputs, [...place, 'with'], null) }
}
