import type { Finding, Plan, Task } from '../model.ts'
import { comment, joined } from './comment.ts'
import { criterionText } from './criteria.ts'
import { codeSpan, fence, inline, link, mention, mentions } from './escape.ts'
import { bullets, findingList, section } from './layout.ts'
import { limit } from './limit.ts'
import { markerOf } from './marker.ts'
import { pullRequestTitle } from './pull-request.ts'
import { somePaths } from './plan-tasks.ts'
import { durationText } from './time.ts'

/** A task that a person is to make, on `branch` (without refs/heads/), within so many ms. */
export type HandoverView = {
  plan: Plan
  task: Task
  issue: number
  branch: string
  withinMs: number
  approvedBy: string[]
  planUrl: string | null
}

/** Title and body of the draft pull request on which a person makes a task. */
export function handoverText(view: HandoverView): { title: string; body: string } {
  const { plan, issue, approvedBy, planUrl } = view
  const { codename, digest } = plan
  const body = joined([
    `Carries out issue #${issue}, ${inline(plan.request.title)}, as **${codename}**, and waits for a person: ${mentions([...new Set([plan.request.requester, ...approvedBy])])}.`,
    `${link(`Plan, revision ${plan.revision}`, planUrl)}, digest ${codeSpan(digest)}, approved by ${mentions(approvedBy)}. Risk: **${plan.risk.level}**.`,
    expectation(view),
    section('Success criteria', bullets(plan.criteria.map(criterionText))),
  ])
  return { title: pullRequestTitle(plan), body: limit(`${markerOf('pull-request', codename, { issue })}\n${body}\n`) }
}

/** A comment on the pull request that hands over a further task at a head, or hands one back with what was found wrong. */
export function renderHandover(view: HandoverView, head: string, findings: Finding[]): string {
  const found = findings.length === 0 ? null : 'What was pushed does not pass, and is yours again:'
  return comment('handover', view.plan.codename, [found, findingList(findings), expectation(view)], {
    task: view.task.id,
    head,
  })
}

/** A comment on the pull request about a push that is not taken. */
export function renderPushRefused(codename: string, tip: string, findings: Finding[]): string {
  const said = `What stands on the branch now (${codeSpan(tip.slice(0, 12))}) is not taken. Pawl goes on waiting.`
  return comment('handover', codename, [said, findingList(findings)], { refused: tip })
}

/** A comment on the pull request when half of the time is over. */
export function renderPushReminder(codename: string, head: string, requester: string, leftMs: number): string {
  const said = `${mention(requester)}, this task still waits for a push, for ${durationText(leftMs)} more. The repository’s turn is held until then.`
  return comment('handover', codename, [said], { reminder: head })
}

function expectation({ task, branch, withinMs }: HandoverView): string {
  const { source } = task
  const commands = [
    `git fetch origin ${branch}`,
    `git switch ${branch}`,
    '# change, commit',
    `git push origin ${branch}`,
  ]
  return joined([
    section(
      `Task ${task.id}: ${inline(task.title, 200)}`,
      source.kind === 'words' ? `> ${inline(source.text, 2_000)}` : null,
    ),
    bullets([
      `May touch: ${somePaths(task.mayTouch)}. Anything else is held against the plan.`,
      ...(task.excluded.length === 0 ? [] : [`May not touch: ${somePaths(task.excluded)}.`]),
      ...(task.tests.length === 0 ? [] : [`Tests that reach it: ${somePaths(task.tests)}.`]),
    ]),
    fence(commands.join('\n'), 'sh'),
    bullets([
      'Anybody with write permission may push. The first push that changes something is taken: push everything at once, on top of what is there, without merging the default branch.',
      `It is waited for ${durationText(withinMs)}. Meanwhile the repository’s turn is held: other updates wait behind this one. \`/cancel\` here or in the issue gives it back.`,
      'Then the same checks and reviewers judge it as any other change, and from there on the branch is Pawl’s again.',
    ]),
  ])
}
