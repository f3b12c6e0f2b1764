import { tool, type ToolSet } from 'ai'
import type { z } from 'zod'
import type { PlannerSetting } from '../../config/models.ts'
import type { AgentEnvironment } from '../../config/agent-environment.ts'
import type { AgentContext } from '../agent.ts'
import { countSpending } from './budget.ts'
import { converse, described } from './converse.ts'
import { chooseModel } from './provider.ts'

/** What is asked: the answer is given by calling the tool of this name with an object of the schema. */
export type Asking<T> = {
  name: string
  description: string
  schema: z.ZodType<T>
  prompt: string
  /** What the model may look at before it answers. */
  tools: ToolSet
  signal: AbortSignal
  spend: AgentContext['spend']
}

/** `spent` says what the answer cost, also when none came. */
export type Answered<T> = { ok: true; value: T; spent: string } | { ok: false; why: string; spent: string }

/**
 * Asks a model for one object, within a budget. What it answers is data of the schema's shape and nothing else; one that does not fit
 * is told so and may answer again. Never throws: a model that fails is a value, with no key in it.
 */
export async function askModel<T>(
  setting: PlannerSetting,
  operator: AgentEnvironment,
  asking: Asking<T>,
): Promise<Answered<T>> {
  const spending = countSpending(setting)
  const failed = (why: string, key: string | null = null): Answered<T> => {
    return { ok: false, why: key === null ? why : why.replaceAll(key, '…'), spent: spending.text() }
  }
  const chosen = chooseModel(setting.model, operator.servers)
  if (!chosen.ok) return failed(chosen.reason)
  const given: T[] = []
  const ending = await converse({
    setting,
    chosen,
    spending,
    prompt: asking.prompt,
    tools: { ...asking.tools, [asking.name]: answerTool(asking, (value) => given.push(value)) },
    enough: () => given.length > 0,
    signal: asking.signal,
    spend: asking.spend,
  })
  const [value] = given
  if (value !== undefined) return { ok: true, value, spent: spending.text() }
  if (ending.outOfTime) return failed(`it was stopped after its time of ${setting.budget.time / 1000} s`)
  if (ending.error !== null) return failed(`it ${described(ending.error)}`, chosen.key)
  if (ending.why === 'content-filter') return failed('it refused')
  const over = spending.over()
  return failed(over === null ? 'it ended without an answer' : `it was stopped at its budget of ${over}`)
}

function answerTool<T>({ description, schema }: Asking<T>, take: (value: T) => void) {
  return tool({
    description,
    inputSchema: schema,
    execute: (value) => {
      take(value)
      return 'taken'
    },
  })
}
