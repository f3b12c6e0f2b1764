import { APICallError, RetryError, streamText, type FinishReason } from 'ai'
import type { ModelSetting } from '../config.ts'
import type { Agent, AgentContext, ChangeResult } from './agent.ts'
import { countSpending, type Spending } from './model/budget.ts'
import type { Model } from './model/provider.ts'
import { modelTools } from './model/tools.ts'
import { promptFor } from './prompt.ts'

/** A server that says nothing for so long has stalled, ms. */
const SILENT_MS = 5 * 60_000
const SAID = 1_500

/** How a conversation with a model ended. */
type Ending = { why: FinishReason | null; said: string; error: unknown; outOfTime: boolean }

/**
 * Lets a model change the files with the tools that it is given, within its budget. Its words and what it wants to run are
 * data: it reaches nothing but the workspace and the commands of the configuration.
 */
export function modelAgent(setting: ModelSetting, chosen: Model): Agent {
  const { name } = setting
  const { key } = chosen
  return {
    name,
    exact: false,
    accepts: ({ source }) => source.kind === 'words',
    async change(task, retry, context) {
      const spending = countSpending(setting)
      let changes = 0
      const tools = modelTools(context, setting.commands, () => (changes += 1))
      context.progress(`asks ${setting.model}${retry === null ? '' : `, try ${retry.round + 1}`}`)
      const ending = await converse(setting, chosen, tools, promptFor(task, retry), context, spending)
      const result = judge(setting, ending, spending, changes)
      return result.state === 'failed' && key !== null
        ? { ...result, reason: result.reason.replaceAll(key, '…') }
        : result
    },
  }
}

async function converse(
  setting: ModelSetting,
  chosen: Model,
  tools: ReturnType<typeof modelTools>,
  prompt: string,
  context: AgentContext,
  spending: Spending,
): Promise<Ending> {
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
      stopWhen: () => spending.over() !== null,
      abortSignal: AbortSignal.any([context.signal, time]),
      timeout: { firstChunkMs: SILENT_MS, chunkMs: SILENT_MS },
      onStepEnd: ({ usage, finishReason, text }) => {
        context.spend(spending.add(usage))
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

function judge(setting: ModelSetting, ending: Ending, spending: Spending, changes: number): ChangeResult {
  const spent = `Spent: ${spending.text()}.`
  const failed = (reason: string, remedy: string, retryable = false): ChangeResult => {
    return {
      state: 'failed',
      reason: `the agent ${setting.name} (${setting.model}) ${reason}. ${spent}`,
      remedy,
      retryable,
    }
  }
  const larger = 'Make the task smaller, or raise the budget in .github/pawl.yml, then comment /retry.'
  const said = ending.said === '' ? '' : `; it said: ${ending.said}`
  if (ending.outOfTime) return failed(`was stopped after its time of ${setting.budget.time / 1000} s`, larger, true)
  if (ending.error !== null)
    return failed(described(ending.error), 'See to what the server says, then comment /retry.', true)
  if (ending.why === 'tool-calls') return failed(`was stopped at its budget of ${spending.over()}`, larger, true)
  if (ending.why === 'content-filter') {
    return failed(
      `refused the task${said}`,
      'Say in the issue otherwise what to change, or use another agent with /revise.',
    )
  }
  if (ending.why === 'length') return failed('wrote more than its server allows at once', larger, true)
  if (ending.why !== 'stop') return failed('was cut off by its server', 'Comment /retry.', true)
  if (changes === 0) return failed(`changed nothing${said}`, 'Say in the issue more exactly what to change.')
  return { state: 'done', summary: [ending.said, spent].filter((text) => text !== '').join('\n') }
}

/** What a server answered is text of others: short, and on one line. */
function described(error: unknown): string {
  const cause = RetryError.isInstance(error) ? error.lastError : error
  const short = (text: string) => text.replace(/\s+/g, ' ').slice(0, 300)
  if (APICallError.isInstance(cause) && cause.statusCode !== 200) {
    const status = cause.statusCode === undefined ? 'did not answer' : `answered ${cause.statusCode}`
    return `got no answer from its server, which ${status}: ${short(cause.message)}`
  }
  return `got no whole answer from its server: ${short(cause instanceof Error ? cause.message : String(cause))}`
}
