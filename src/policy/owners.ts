import type { Finding } from '../model.ts'
import { pending } from './verdict.ts'

/** Whose reviews a change needs. Owners are as CODEOWNERS names them: `@login`, `@org/team`, an address of mail. */
export type OwnedFacts = {
  owned: { path: string; owners: string[] }[]
  /** Who approved the very head that is to be merged and has write permission, with those of the owning teams they are in. */
  approvals: { login: string; teams: string[] }[]
  /** How many approvals the branch requires besides. */
  needed: number
}

/** What reviews of people are still missing; empty when each owned path has the approval of one of its owners. */
export function judgeOwners({ owned, approvals, needed }: OwnedFacts): Finding[] {
  const names = new Set(
    approvals.flatMap(({ login, teams }) => [login, ...teams].map((name) => `@${name}`.toLowerCase())),
  )
  const lacking = owned.filter(({ owners }) => !owners.some((owner) => names.has(owner.toLowerCase())))
  const groups = Map.groupBy(lacking, ({ owners }) => owners.join(', '))
  const findings = [...groups].map(([owners, paths]) => {
    const shown = paths.slice(0, 10).map(({ path }) => path)
    const more = paths.length > shown.length ? ` and ${paths.length - shown.length} more` : ''
    return pending('round1', 'review-missing', `No owner (${owners}) has approved ${shown.join(', ')}${more} yet.`)
  })
  if (approvals.length < needed) {
    const message = `${approvals.length} of ${needed} required reviews approve this head.`
    findings.push(pending('round1', 'review-missing', message))
  }
  return findings
}
