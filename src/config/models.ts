import { z } from 'zod'
import { Argv, Name, whole } from './scalars.ts'
import { Duration } from './units.ts'

const budget = (steps: number, tokens: number, usd: number, time: string) =>
  z
    .strictObject({
      steps: whole(1, 1_000).default(steps),
      tokens: whole(1_000, 100_000_000).default(tokens),
      usd: z.number().positive({ error: 'must be above 0' }).max(10_000).default(usd),
      time: Duration.prefault(time),
    })
    .prefault({})
/** USD for a million tokens; without a price for the cache its tokens cost as much as others. */
const Price = z.number().min(0, { error: 'must not be negative' }).max(10_000)
const Prices = z.strictObject({
  input: Price,
  output: Price,
  cacheRead: Price.optional(),
  cacheWrite: Price.optional(),
})
const ModelName = z.string().regex(/^[a-z0-9-]+:\S+$/, { error: 'must be provider:model, such as "anthropic:<model>"' })
export const Model = z.strictObject({
  use: z.literal('model'),
  name: Name.default('model'),
  model: ModelName,
  budget: budget(50, 200_000, 5, '20m'),
  prices: Prices.nullable().default(null),
  commands: z.array(Argv).max(20).default([]),
})
export type ModelSetting = z.output<typeof Model>

/** Who plans: the rules alone, or the rules with a model for what stands in words. */
export const Planner = z.discriminatedUnion(
  'use',
  [
    z.strictObject({ use: z.literal('rules') }),
    z.strictObject({
      use: z.literal('model'),
      model: ModelName,
      budget: budget(20, 100_000, 1, '3m'),
      prices: Prices.nullable().default(null),
    }),
  ],
  { error: 'must say what it uses: rules or model' },
)
export type PlannerSetting = Extract<z.output<typeof Planner>, { use: 'model' }>
/** The model of the reviewer `review`. */
export const Review = z.strictObject({
  model: ModelName,
  budget: budget(3, 200_000, 5, '5m'),
  prices: Prices.nullable().default(null),
})
export type ReviewSetting = z.output<typeof Review>
