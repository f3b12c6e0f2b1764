import type { LanguageModelUsage } from 'ai'
import type { ModelSetting } from '../../config/models.ts'

type Limits = Pick<ModelSetting, 'budget' | 'prices'>

/** What a model has used of its budget. `usd` is `null` where there are no prices to count with. */
export type Spending = {
  add(usage: LanguageModelUsage): { tokens: number; usd: number | null }
  /** Which limit is reached, in words; `null` when none is. */
  over(): string | null
  text(): string
}

const MILLION = 1_000_000

export function countSpending({ budget, prices }: Limits): Spending {
  let steps = 0
  let tokens = 0
  let usd = 0
  const costs = ({ inputTokens = 0, outputTokens = 0, inputTokenDetails }: LanguageModelUsage): number => {
    if (prices === null) return 0
    const { cacheReadTokens: read = 0, cacheWriteTokens: write = 0 } = inputTokenDetails
    const { input, output, cacheRead = input, cacheWrite = input } = prices
    const plain = Math.max(0, inputTokens - read - write)
    return (plain * input + read * cacheRead + write * cacheWrite + outputTokens * output) / MILLION
  }
  return {
    add(usage) {
      const used = { tokens: (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0), usd: prices && costs(usage) }
      steps += 1
      tokens += used.tokens
      usd += used.usd ?? 0
      return used
    },
    over() {
      if (tokens >= budget.tokens) return `${budget.tokens} tokens`
      if (prices !== null && usd >= budget.usd) return `${budget.usd} USD`
      return steps >= budget.steps ? `${budget.steps} steps` : null
    },
    text() {
      const money = prices === null ? 'no prices are configured, so money is not counted' : `${usd.toFixed(4)} USD`
      return `${steps} steps, ${tokens} tokens, ${money}`
    },
  }
}

/** The budget of one try of one task, for people who approve it. */
export function budgetText({ budget, prices }: Limits): string {
  const money = prices === null ? 'money not counted without prices' : `${budget.usd} USD`
  return `${budget.steps} steps, ${budget.tokens} tokens, ${money}, ${Math.ceil(budget.time / 60_000)} min a try`
}
