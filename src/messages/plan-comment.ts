import type { Finding, Plan } from '../model.ts'
import { comment, joined } from './comment.ts'
import { criterionText } from './criteria.ts'
import { codeSpan, inline } from './escape.ts'
import { bullets, details, findingList, plural, section, sentence, table } from './layout.ts'
import { planChanges } from './plan-diff.ts'
import { impactPart } from './plan-impact.ts'
import { somePaths, taskParts } from './plan-tasks.ts'
import { durationText } from './time.ts'
import type { Words } from './words.ts'

/** A plan for people to decide about. */
export type PlanView = {
  plan: Plan
  /** The revision before this one, for the list of what changed. */
  previous: Plan | null
  /** Why the plan was made anew; empty for the first one. */
  because: string[]
  /** Somebody had approved the revision before this one, and that holds no more. */
  voided: boolean
  /** What a reader should know besides: hidden text in the request, a deployment nobody hears. */
  notes: Finding[]
  /** Who may approve, in words: `describe(gatekeepers)` of the policy. */
  approvers: string
  /** ms until the plan expires. */
  expires: number
}

/** The plan: first what must be known to decide, then what was weighed, folded where it is long. */
export function renderPlan(view: PlanView, words: Words): string {
  const { plan, previous, because, voided, notes } = view
  const { codename, request, revision, digest } = plan
  const said = words(voided ? 'plan-void' : 'plan-ready', {
    codename,
    requester: request.requester,
    title: request.title,
  })
  return comment(
    'plan',
    codename,
    [
      `## Plan of ${codeSpan(codename)}${revision === 1 ? '' : `, revision ${revision}`}: ${inline(request.title)}`,
      said,
      because.length === 0 ? null : bullets(because.map((why) => inline(why))),
      summary(plan),
      decision(view),
      findingList(notes),
      previous === null ? null : section(`What changed since revision ${previous.revision}`, changes(previous, plan)),
      section('Tasks', taskParts(plan.tasks)),
      section(`Risk: ${plan.risk.level}`, risks(plan)),
      impactPart(plan.impact),
      section('Success criteria', bullets(plan.criteria.map(criterionText))),
      section('Checkpoints', checkpoints(plan)),
      details('Resources, prerequisites and constraints', resources(plan)),
      details('Messages that will come', bullets(plan.communication.map((message) => inline(message)))),
      details('What the approval binds', binding(plan)),
    ],
    { revision, digest },
  )
}

function summary({ scope, risk, impact, resources: { estimate }, protectedPaths }: Plan): string {
  const size = `${scope.size}, ${scope.complexity}: ${plural(scope.files, 'file')}, ${plural(scope.lines, 'line')}`
  const reach = plural(impact.direct.length + impact.transitive.length, 'dependent file')
  const time = `${durationText(estimate.p50)}, at most ${durationText(estimate.p90)}`
  const worst = risk.rules.filter(({ level }) => level === risk.level).map(({ rule }) => rule)
  const level = `**${risk.level}**${worst.length === 0 ? '' : `: ${inline(worst.join(', '))}`}`
  const warned = `⚠️ Touches protected paths: ${somePaths(protectedPaths)}. Approving the digest approves exactly these.`
  return joined([
    inline(scope.summary, 1_000),
    table(['Size', 'Reach', 'Risk', 'Estimate'], [[size, reach, level, time]]),
    protectedPaths.length === 0 ? null : warned,
  ])
}

function decision({ plan, approvers, expires }: PlanView): string {
  const { needed, requesterMay } = plan.approvals
  const self = requesterMay ? '' : ' The requester may not approve.'
  return joined([
    `**To approve**: ${codeSpan(`/approve ${plan.digest.slice(0, 12)}`)} — or \`/revise …\` for another plan, \`/reject\` to end it.`,
    `${plural(needed, 'approval')} needed, by ${inline(approvers, 1_000)}.${self} The plan expires in ${durationText(expires)}.`,
  ])
}

function changes(before: Plan, after: Plan): string {
  return bullets(planChanges(before, after)) ?? 'Nothing of the plan itself.'
}

function risks({ risk, approvals, health }: Plan): string {
  const rows = risk.rules.map(({ rule, level, why, mitigation }) => {
    return [inline(rule), level, inline(why), inline(mitigation)]
  })
  const reviewers =
    risk.reviewers.length === 0 ? '' : `, and besides the configured reviewers ${inline(sentence(risk.reviewers))}`
  return joined([
    table(['Rule', 'Risk', 'Why', 'Mitigation'], rows) ?? 'No rule speaks against it.',
    `This asks for ${plural(approvals.needed, 'approval')} and a soak of ${durationText(health.soak)}${reviewers}.`,
  ])
}

function checkpoints(plan: Plan): string {
  const rows = alike(plan.checkpoints).map(({ when, gates }) => [inline(when), inline(gates.join('; '), 800)])
  const { probes } = plan.health
  return joined([
    table(['When', 'Gates'], rows),
    probes.length === 0 ? null : `Probed besides the configured ones: ${somePaths(probes)}`,
  ])
}

/** Tasks that are held to the same are one row. */
function alike(all: Plan['checkpoints']): Plan['checkpoints'] {
  const rows: Plan['checkpoints'] = []
  for (const { when, gates } of all) {
    const last = rows.at(-1)
    const task = /^after task (\d+)$/.exec(when)?.[1]
    if (task !== undefined && last?.when.startsWith('after task') && String(last.gates) === String(gates)) {
      rows[rows.length - 1] = { when: `${last.when}, ${task}`, gates }
    } else rows.push({ when, gates })
  }
  return rows
}

function resources({
  resources: { estimate, agents, prerequisites, constraints, budget },
  deploy,
}: Plan): string | null {
  return bullets([
    `Time: ${durationText(estimate.p50)} to ${durationText(estimate.p90)} (${inline(estimate.basis)})`,
    ...agents.map(
      ({ name, tasks }) => `Agent ${inline(name)}: ${tasks.length === 1 ? 'task' : 'tasks'} ${tasks.join(', ')}`,
    ),
    ...(budget === null ? [] : [`Budget: ${inline(budget)}`]),
    `Deployment: ${inline(deploy.via)} to ${inline(deploy.environment)}`,
    ...prerequisites.map((each) => `Needs: ${inline(each)}`),
    ...constraints.map((each) => `Constraint: ${inline(each)}`),
  ])
}

function binding({ digest, base, request, settingsDigest }: Plan): string {
  const rows = [
    ['Digest of the plan', codeSpan(digest)],
    ['Base', `${codeSpan(base.commit)} on ${inline(base.branch)}`],
    ['Text of the request', codeSpan(request.textDigest)],
    ['Settings', codeSpan(settingsDigest)],
  ]
  const meaning =
    'An approval holds for exactly these. If one of them has moved when the turn comes, and the plan with it, a new revision is posted.'
  return joined([table(['', ''], rows), meaning])
}
