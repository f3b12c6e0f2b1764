import type { Plan } from '../model.ts'
import { joined } from './comment.ts'
import { criterionText } from './criteria.ts'
import { codeSpan, inline, link, mentions, plainLine } from './escape.ts'
import { fileTable } from './files.ts'
import { bullets, details, section, table } from './layout.ts'
import { limit } from './limit.ts'
import { markerOf } from './marker.ts'

/** `issue` is in the same repository; `approvedBy` are logins. */
export type PullRequestView = { plan: Plan; issue: number; approvedBy: string[]; planUrl: string | null }

/** The same while a person works on it and afterwards. */
export const pullRequestTitle = ({ request, codename }: Plan): string =>
  `${plainLine(request.title, 200)} (${codename})`

/** Title and body of the update's pull request. The issue is named and not closed by it: Pawl closes it after the soak. */
export function pullRequestText({ plan, issue, approvedBy, planUrl }: PullRequestView): {
  title: string
  body: string
} {
  const { codename, digest, revision } = plan
  const rows = plan.tasks.map(({ id, title, agent }) => [String(id), inline(title), inline(agent)])
  const body = joined([
    `Carries out issue #${issue}, ${inline(plan.request.title)}, as **${codename}**.`,
    `${link(`Plan, revision ${revision}`, planUrl)}, digest ${codeSpan(digest)}, approved by ${mentions(approvedBy)}. Risk: **${plan.risk.level}**.`,
    table(['Task', 'What', 'Agent'], rows),
    details('Planned files', fileTable(plan.tasks.flatMap((task) => task.changes))),
    section('Success criteria', bullets(plan.criteria.map(criterionText))),
    'This branch belongs to Pawl: a push by somebody else stops the update. Merging is done by Pawl, after both the required checks and its own validators have passed.',
  ])
  return {
    title: pullRequestTitle(plan),
    body: limit(`${markerOf('pull-request', codename, { issue })}\n${body}\n`),
  }
}
