import type pg from 'pg'

/** A step by what it does, whatever update and try it belongs to: `deliver: merge n: look`. */
export type StepName = string

/** What the database calls a step; of operations of the engine itself it is empty. */
export const NAMES = `
  CREATE OR REPLACE FUNCTION public.crash_step(workflow text, operation text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN operation LIKE 'DBOS.%' THEN '' ELSE
      coalesce(substring(workflow FROM '^(heed|notice):'), substring(workflow FROM '/(deliver|undo)-[^/]*$'), 'propose')
      || ': ' || regexp_replace(regexp_replace(operation, '^(send to|clear) \\S+/\\S+', '\\1 a workflow'), '\\d+(\\.\\d+)?', 'n', 'g')
    END $$;
`

/** The steps that were recorded so far: after a run that nobody disturbed, all that the story has. */
export async function learnSteps(pool: pg.Pool): Promise<Set<StepName>> {
  const { rows } = await pool.query<{ step: StepName }>(
    `SELECT DISTINCT public.crash_step(workflow_uuid, function_name) AS step FROM dbos.operation_outputs`,
  )
  return new Set(rows.map(({ step }) => step).filter((step) => step !== ''))
}
