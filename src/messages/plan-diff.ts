import type { ExpectedChecks, Plan, Task } from '../model.ts'
import { codeSpan, inline } from './escape.ts'
import { somePaths } from './plan-tasks.ts'
import { durationText } from './time.ts'

/** What a revision changed, one line of Markdown each; empty when nothing that a reader sees did. */
export function planChanges(before: Plan, after: Plan): string[] {
  return [
    ...moved('Base commit', before.base.commit.slice(0, 12), after.base.commit.slice(0, 12)),
    ...(before.request.textDigest === after.request.textDigest ? [] : ['The text of the request was edited.']),
    ...(before.configDigest === after.configDigest ? [] : ['The configuration changed.']),
    ...taskChanges(before.tasks, after.tasks),
    ...fileChanges(before, after),
    ...excludedChanges(before, after),
    ...moved('Risk', before.risk.level, after.risk.level),
    ...moved('Risk rules', ruleNames(before), ruleNames(after)),
    ...moved('Reviewers', before.reviewers.join(', '), after.reviewers.join(', ')),
    ...moved('Soak', durationText(before.health.soak), durationText(after.health.soak)),
    ...moved('Approvals needed', String(before.approvals.needed), String(after.approvals.needed)),
    ...moved('Checks of round 1', checks(before.checks.round1), checks(after.checks.round1)),
    ...moved('Checks of round 2', checks(before.checks.round2), checks(after.checks.round2)),
    ...moved(
      'Probes',
      before.health.probes.join(', ') || 'the configured ones',
      after.health.probes.join(', ') || 'the configured ones',
    ),
    ...moved(
      'Deployment',
      `${before.deploy.via} to ${before.deploy.environment}`,
      `${after.deploy.via} to ${after.deploy.environment}`,
    ),
  ]
}

const ruleNames = ({ risk }: Plan) => risk.rules.map(({ rule }) => rule).join(', ') || 'none'

function moved(what: string, before: string, after: string): string[] {
  return before === after ? [] : [`${what}: ${codeSpan(before)} → ${codeSpan(after)}`]
}

function taskChanges(before: readonly Task[], after: readonly Task[]): string[] {
  const named = ({ id, title }: Task) => `Task ${id} (${inline(title, 120)})`
  const [was, is] = [new Map(before.map((task) => [task.id, task])), new Map(after.map((task) => [task.id, task]))]
  const dropped = before.filter((task) => !is.has(task.id)).map((task) => `${named(task)} is dropped.`)
  const added = after.filter((task) => !was.has(task.id)).map((task) => `${named(task)} is new.`)
  const handed = after.flatMap((task) => {
    const agent = was.get(task.id)?.agent
    return agent === undefined || agent === task.agent
      ? []
      : [`${named(task)} goes from ${inline(agent)} to ${inline(task.agent)}.`]
  })
  const order = (tasks: readonly Task[], kept: Map<number, Task>) =>
    tasks.flatMap(({ id }) => (kept.has(id) ? [id] : [])).join(', ')
  return [...dropped, ...added, ...handed, ...moved('Order of tasks', order(before, is), order(after, was))]
}

function fileChanges(before: Plan, after: Plan): string[] {
  const [was, is] = [signatures(before), signatures(after)]
  const only = (these: Map<string, string>, those: Map<string, string>) =>
    [...these.keys()].filter((path) => !those.has(path))
  const line = (what: string, paths: string[]) => (paths.length === 0 ? [] : [`${what}: ${somePaths(paths)}`])
  return [
    ...line('Files no longer touched', only(was, is)),
    ...line('Files newly touched', only(is, was)),
    ...line(
      'Files changed otherwise',
      [...is.keys()].filter((path) => was.has(path) && was.get(path) !== is.get(path)),
    ),
  ]
}

function excludedChanges(before: Plan, after: Plan): string[] {
  const globs = (plan: Plan) => [...new Set(plan.tasks.flatMap(({ excluded }) => excluded))]
  const more = globs(after).filter((glob) => !globs(before).includes(glob))
  return more.length === 0 ? [] : [`Nothing may change any more under: ${somePaths(more)}`]
}

function signatures(plan: Plan): Map<string, string> {
  const signed = new Map<string, string>()
  for (const { id, changes } of plan.tasks) {
    for (const { path, kind, additions, deletions, blob } of changes) {
      signed.set(path, `${signed.get(path) ?? ''} ${id}:${kind}+${additions}-${deletions}=${blob ?? ''}`)
    }
  }
  return signed
}

/** `all, at least build, test`; as the plan shows it too. */
function checks({ mode, names }: ExpectedChecks): string {
  if (mode === 'none') return 'none'
  if (mode === 'named') return names.join(', ')
  return names.length === 0 ? 'all that run' : `all that run, at least ${names.join(', ')}`
}
