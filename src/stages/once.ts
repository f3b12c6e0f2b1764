import { randomUUID } from 'node:crypto'
import type { Acts } from '../audit/acts.ts'
import type { Json, UpdateRequest } from '../model.ts'

/** A write to the outside: what it is, how to see that it was done already, and how to do it. */
export type OutsideAct<T extends Json> = {
  /** Names the act within its update: `status comment`, `push task 2`. */
  name: string
  /** What the audit log says of the intent. */
  what: Json
  /** What an earlier try left, or `null`. Asked only when a try began and nobody knows how it ended. */
  look: () => Promise<T | null>
  act: () => Promise<T>
}

/** Does something outside exactly once: intent before, result after, and a look where a crash came between the two. */
export async function once<T extends Json>(acts: Acts, request: UpdateRequest, wanted: OutsideAct<T>): Promise<T> {
  const { repo, issue, attempt, codename } = request
  const key = `${codename}/${wanted.name}`
  const at = () => new Date().toISOString()
  const about = { repo, issue, attempt, codename, at: at() }
  const intent = await acts.intend(key, about, wanted.what)
  // The result was written by this very function, so it has the type of this act.
  if (intent.state === 'done') return intent.result as T
  const left = intent.state === 'unknown' ? await wanted.look() : null
  const result = left ?? (await wanted.act())
  await acts.settle(key, result, at())
  return result
}

/**
 * Does something outside that may be done again without harm, such as an edit, and writes each time down what was intended
 * and what came of it (EXEC-4). What it throws is written down too, and thrown.
 */
export async function recorded<T extends Json | void>(
  acts: Acts,
  request: UpdateRequest,
  wanted: { name: string; what: Json },
  act: () => Promise<T>,
): Promise<T> {
  const { repo, issue, attempt, codename } = request
  const key = `${codename}/${wanted.name} ${randomUUID()}`
  const at = () => new Date().toISOString()
  await acts.intend(key, { repo, issue, attempt, codename, at: at() }, wanted.what)
  try {
    const result = await act()
    await acts.settle(key, result ?? null, at())
    return result
  } catch (error) {
    await acts.settle(key, { error: error instanceof Error ? error.message : String(error) }, at())
    throw error
  }
}
