import { APICallError, RetryError, streamText, type FinishReason, type ToolSet } from 'ai'
import type { ModelSetting } from '../../config/models.ts'
import type { AgentContext } from '../agent.ts'
import type { Spending } from './budget.ts'
import type { Model } from './provider.ts'

/** A server that says nothing for so long has stalled, ms. */
const SILENT_MS = 5 * 60_000
const SAID = 1_500

/** How a conversation with a model ended. */
export type Ending = { why: FinishReason | null; said: string; error: unknown; outOfTime: boolean }

/** What is asked of a model, with what, and who is told what it uses. */
type Conversation = {
  setting: Pick<ModelSetting, 'budget' | 'prices'>
  chosen: Model
  prompt: string
  tools: ToolSet
  spending: Spending
  /** Whether enough was said; a limit of the budget ends it in any case. */
  enough?: () => boolean
} & Pick<AgentContext, 'signal' | 'spend'>

/** Lets a model talk and use the tools, one after the other, until it has nothing more to say or may not go on. Never throws. */
export async function converse(wanted: Conversation): Promise<Ending> {
  const { setting, chosen, prompt, tools, spending, enough = () => false } = wanted
  const ending: Ending = { why: null, said: '', error: null, outOfTime: false }
  const time = AbortSignal.timeout(setting.budget.time)
  try {
    const { stream } = streamText({
      ...chosen.settings,
      model: chosen.model,
      prompt,
      tools,
      // One after the other: two edits of one file at once would lose one.
      toolCallConcurrency: 1,
      stopWhen: () => enough() || spending.over() !== null,
      abortSignal: AbortSignal.any([wanted.signal, time]),
      timeout: { firstChunkMs: SILENT_MS, chunkMs: SILENT_MS },
      onStepEnd: ({ usage, finishReason, text }) => {
        wanted.spend(spending.add(usage))
        ending.why = finishReason
        ending.said = text.trim().slice(-SAID)
      },
      // By itself it would print the error, with the request and with what the server said of the key.
      onError: ({ error }) => void (ending.error ??= error),
    })
    for await (const part of stream) {
      if (part.type === 'error') ending.error ??= part.error
    }
  } catch (error) {
    ending.error ??= error
  }
  ending.outOfTime = time.aborted
  return ending
}

/** What a server answered is text of others: short, and on one line. */
export function described(error: unknown): string {
  const cause = RetryError.isInstance(error) ? error.lastError : error
  const short = (text: string) => text.replace(/\s+/g, ' ').slice(0, 300)
  if (APICallError.isInstance(cause) && cause.statusCode !== 200) {
    const status = cause.statusCode === undefined ? 'did not answer' : `answered ${cause.statusCode}`
    return `got no answer from its server, which ${status}: ${short(cause.message)}`
  }
  return `got no whole answer from its server: ${short(cause instanceof Error ? cause.message : String(cause))}`
}
