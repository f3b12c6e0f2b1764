import type { Finding, GateName } from '../model.ts'
import { fault } from './verdict.ts'

/** What one repository may use in a day, as the operator says; `null` is without end. */
export type Quota = { updates: number | null; tokens: number | null; usd: number | null }

/** What it has used in the last 24 hours, without the update in question. */
export type Used = { updates: number; tokens: number; usd: number }

const REMEDY = 'Wait until a part of it is a day ago, or have the operator of the app raise it; then comment /retry.'

/** May the repository begin another update? */
export function judgeBeginning(quota: Quota, used: Used): Finding[] {
  return over('preflight', quota.updates, used.updates, 'updates', 'PAWL_DAILY_UPDATES')
}

/** May the repository ask a model? */
export function judgeSpending(quota: Quota, used: Used, gate: GateName): Finding[] {
  return [
    ...over(gate, quota.tokens, used.tokens, 'tokens of models', 'PAWL_DAILY_TOKENS'),
    ...over(gate, quota.usd, used.usd, 'USD of models', 'PAWL_DAILY_USD'),
  ]
}

function over(gate: GateName, most: number | null, has: number, what: string, variable: string): Finding[] {
  if (most === null || has < most) return []
  const message = `This repository may use ${most} ${what} in a day (${variable}), and has used ${Math.round(has * 100) / 100}.`
  return [fault(gate, 'quota-reached', message, REMEDY)]
}
