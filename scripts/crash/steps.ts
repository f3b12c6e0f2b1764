import type pg from 'pg'

/** A step by what it does, whatever update and try it belongs to: `deliver: merge n: look`. */
export type StepName = string

/** The steps of the story, learnt from a run that nobody disturbed. */
export type StepMap = {
  all: Set<StepName>
  /** What may come in such a workflow right behind an operation that followed this step, and how long it takes, ms. */
  after(workflow: string, step: StepName, operation: string): { step: StepName; ms: number }[]
}

/** Operations of the engine itself come between the steps. */
export const isStep = (operation: string) => operation !== '' && !operation.startsWith('DBOS.')

export function stepName(workflow: string, operation: string): StepName {
  const plain = operation
    .replace(/^(send to|clear) .*\/.*/, '$1 a workflow')
    .replace(/look \d+$/, 'look')
    .replace(/\d+$/, 'n')
  return `${kindOf(workflow)}: ${plain}`
}

/** Which workflow it is, by the form of its id. */
function kindOf(workflow: string): string {
  const [, named = ''] = /^(heed|notice):/.exec(workflow) ?? /\/(deliver|undo|propose)-\d+$/.exec(workflow) ?? []
  return named === '' ? 'propose' : named
}

export async function learnSteps(pool: pg.Pool): Promise<StepMap> {
  const { rows } = await pool.query<{ workflow: string; name: string; ms: string | null }>(
    `SELECT workflow_uuid AS workflow, function_name AS name, completed_at_epoch_ms - started_at_epoch_ms AS ms
     FROM dbos.operation_outputs WHERE function_name <> 'DBOS.sleep' ORDER BY workflow_uuid, function_id`,
  )
  const all = new Set<StepName>()
  const next = new Map<string, Map<StepName, number>>()
  let at = { workflow: '', step: '', operation: '' }
  for (const { workflow, name, ms } of rows) {
    if (at.workflow !== workflow) at = { workflow, step: stepName(workflow, ''), operation: '' }
    if (isStep(name)) {
      const step = stepName(workflow, name)
      all.add(step)
      const key = keyOf(workflow, at.step, at.operation)
      next.set(key, (next.get(key) ?? new Map()).set(step, Number(ms ?? 0)))
      at = { workflow, step, operation: name }
    } else at = { ...at, operation: name }
  }
  return {
    all,
    after: (workflow, step, operation) =>
      [...(next.get(keyOf(workflow, step, operation)) ?? [])].map(([name, ms]) => ({ step: name, ms })),
  }
}

/** Each kind of story has an order of its own; a step's own number says nothing about what follows it. */
const keyOf = (workflow: string, step: StepName, operation: string) =>
  `${storyOf(workflow)}: ${step} > ${isStep(operation) ? '' : operation}`

/** The kind of story is in the name of the owner; see stories.ts. */
const storyOf = (workflow: string) => /^crash-([a-z]+(-[a-z]+)*)-\d/.exec(workflow)?.[1] ?? ''
