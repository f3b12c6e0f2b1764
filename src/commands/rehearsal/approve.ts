import type { Update } from '../../audit/updates.ts'
import { recordOf } from '../../stages/record.ts'
import type { Person } from './people.ts'

/** Says `/approve` for a plan that waits, as many people as it needs; each names the digest that it approves. */
export async function approve(update: Update, people: Person[]): Promise<void> {
  const { plan, approvals, request } = recordOf(update)
  if (!plan) throw new Error(`${update.codename} has no plan to approve.`)
  const may = people.filter(({ login }) => plan.approvals.requesterMay || login !== request.requester)
  const left = may.filter(({ login }) => !approvals.some((each) => each.login === login))
  for (const person of left.slice(0, plan.approvals.needed - approvals.length)) {
    await person.say(update.issue, `/approve ${plan.digest.slice(0, 12)}`)
  }
}
