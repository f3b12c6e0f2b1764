import { randomUUID } from 'node:crypto'
import { SPENDING } from '../audit/usage.ts'
import type { Finding, GateName, UpdateRequest } from '../model.ts'
import { judgeBeginning, judgeSpending } from '../policy/quota.ts'
import type { Services } from './services.ts'
import { note } from './trigger.ts'

const DAY_MS = 24 * 60 * 60_000

type Spent = { tokens: number; usd: number | null }

type Asked = Pick<Services, 'usage' | 'quota'>

/** Whether the repository has begun all the updates that it may begin in a day. */
export async function mayNotBegin(services: Asked, request: UpdateRequest): Promise<Finding[]> {
  if (services.quota.updates === null) return []
  return judgeBeginning(services.quota, await usedIn(services, request))
}

/** Whether its models have used all that they may use in a day. */
export async function mayNotSpend(services: Asked, request: UpdateRequest, gate: GateName): Promise<Finding[]> {
  const { tokens, usd } = services.quota
  if (tokens === null && usd === null) return []
  return judgeSpending(services.quota, await usedIn(services, request), gate)
}

const usedIn = ({ usage }: Asked, { repo, codename }: UpdateRequest) =>
  usage(repo, new Date(Date.now() - DAY_MS).toISOString(), codename)

/** Lets `work` spend, and writes down what it spent, whatever became of it: a step that is done again spends again. */
export async function metered<T>(
  services: Services,
  request: UpdateRequest,
  work: (spend: (use: Spent) => void) => Promise<T>,
): Promise<T> {
  let tokens = 0
  let usd = 0
  try {
    return await work((use) => {
      tokens += use.tokens
      usd += use.usd ?? 0
    })
  } finally {
    if (tokens > 0) await note(services, request, SPENDING, { tokens, usd }, randomUUID())
  }
}
