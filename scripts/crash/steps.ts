import type pg from 'pg'

/** A step by what it does, whatever update and try it belongs to: `deliver: merge n`. */
export type StepName = string

/** The steps of the story in their order, learnt from a run that nobody disturbed. */
export type StepMap = {
  all: Set<StepName>
  /** What may come right behind an operation, and how long that takes, ms. */
  after(workflow: string, operation: string): { step: StepName; ms: number }[]
}

/** Operations of the engine itself, between the steps. */
export const isStep = (operation: string) => operation !== '' && !operation.startsWith('DBOS.')

export function stepName(workflow: string, operation: string): StepName {
  const plain = operation
    .replace(/^(send to|clear) .*/, '$1 a workflow')
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
     FROM dbos.operation_outputs ORDER BY workflow_uuid, function_id`,
  )
  const all = new Set<StepName>()
  const next = new Map<string, Map<StepName, number>>()
  let before = { workflow: '', name: '' }
  for (const { workflow, name, ms } of rows) {
    const from = before.workflow === workflow ? before.name : ''
    before = { workflow, name }
    if (!isStep(name)) continue
    const step = stepName(workflow, name)
    all.add(step)
    const key = stepName(workflow, from)
    next.set(key, (next.get(key) ?? new Map()).set(step, Number(ms ?? 0)))
  }
  return {
    all,
    after: (workflow, operation) =>
      [...(next.get(stepName(workflow, operation)) ?? [])].map(([step, ms]) => ({ step, ms })),
  }
}
