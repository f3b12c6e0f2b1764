import type { Retry } from '../agents/agent.ts'
import { commitMessage } from '../messages/commit-message.ts'
import type { LogExcerpt } from '../messages/failure-report.ts'
import type { Finding, Task, TreePoint } from '../model.ts'
import { contentDeviations } from '../validators/content.ts'
import { deviations } from '../validators/fidelity.ts'
import { faultsBeforePush } from './before-push.ts'
import { makeChange } from './change.ts'
import { logsOfFailures } from './check-logs.ts'
import { sha256 } from './hash.ts'
import { once } from './once.ts'
import type { Order, Progress, Waiting } from './order.ts'
import { mayNotSpend, metered } from './quota.ts'
import { keep, recordNamed, type UpdateRecord } from './record.ts'
import type { Services } from './services.ts'
import { benchAt } from './settings.ts'
import { branchOf, workOf } from './turn.ts'

/** What became of a task; `asks` when it did something else than planned and people are to be asked about that (EXEC-2). */
export type CarriedOut = { ok: true; value: TreePoint } | NotCarriedOut
/** `waits`: a person makes it. */
type NotCarriedOut = { ok: false; findings: Finding[]; asks?: boolean; waits?: Waiting }

/**
 * EXEC-1 to EXEC-3: one task, one commit. What the agent did is held against the plan before it is committed, and the
 * commit is kept on the server at once, where any instance finds it.
 */
export async function carryOutTask(services: Services, order: Order, task: Task, head: TreePoint): Promise<CarriedOut> {
  return commitChange(services, order, task, head, null)
}

/** GATE1-5: the findings go back to the agents whose tasks they concern; an agent that can only do the same has nothing to add. */
export async function fix(
  services: Services,
  order: Order,
  progress: Progress,
  round: number,
  findings: Finding[],
): Promise<CarriedOut> {
  const { plan, request } = order
  const bench = await benchAt(services, request, plan.base.commit)
  const { fixes } = bench.config.validation.round1
  const tasks = plan.tasks.filter((task) => !task.exact)
  // Nobody's change makes other people look at it.
  const unreviewed = findings.some(({ rule, severity }) => rule === 'review-missing' && severity === 'error')
  if (tasks.length === 0 || round > fixes || unreviewed) return { ok: false, findings: [] }
  let head = progress.head ?? plan.base
  const failed = findings.some(({ rule }) => rule === 'check-failed')
  const logs = failed ? await logsOfFailures(bench, head.commit) : []
  const { fixed } = await recordNamed(services.updates, request.codename)
  const earlier = fixed.filter((each) => each.round < round)
  const about = marksOf(findings, logs)
  if (earlier.some((each) => each.about.some((mark) => about.includes(mark)))) {
    return { ok: false, findings: [stuck(round)] }
  }
  await keep(services.updates, request.codename, { fixed: [...earlier, { round, about }] })
  const retry: Retry = {
    round,
    findings: findings.map(({ rule, message, path }) => ({ rule, message, ...(path ? { path } : {}) })),
    logs: logs.map(({ title, text }) => ({ text: `${title}:\n${text}`, trust: 'repository' })),
  }
  // People come last: what they are shown holds what the agents have corrected.
  let waits: Waiting | undefined
  for (const task of tasks) {
    const change = await commitChange(services, order, task, head, retry)
    if (change.ok) head = change.value
    else if (change.waits === undefined) return change
    else waits ??= change.waits
  }
  if (waits !== undefined) {
    if (findings.some(({ rule }) => BEYOND_A_PUSH.has(rule))) return { ok: false, findings: [] }
    return { ok: false, findings: [], waits: { ...waits, from: { commit: head.commit, tree: head.tree }, findings } }
  }
  return { ok: true, value: { commit: head.commit, tree: head.tree } }
}

/** What no push to the branch mends. */
const BEYOND_A_PUSH = new Set<Finding['rule']>([
  'pull-request-closed',
  'base-force-pushed',
  'merge-conflict',
  'check-missing',
  'checks-none',
  'check-timed-out',
])

/** Times, numbers, hashes and UUIDs, of which a part may be letters only. */
const PASSING = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|[0-9a-f]*\d[0-9a-f]*/gi

/** Tells one finding from another; that of a check by what its log says, without the times and numbers that differ anyway. */
function marksOf(findings: Finding[], logs: LogExcerpt[]): string[] {
  const log = logs.map(({ title, text }) => `${title} ${text.replace(PASSING, '')}`).join('\n')
  return findings
    .filter(({ severity }) => severity === 'error')
    .map(({ rule, path, message }) => sha256([rule, path, message, rule === 'check-failed' ? log : ''].join('\n')))
}

function stuck(round: number): Finding {
  return {
    gate: 'round1',
    severity: 'error',
    rule: 'agent-failed',
    message: `The fix of round ${round - 1} left a finding exactly as it was, so the agents are not asked again.`,
    remedy: 'Say in the issue more exactly what to change, then comment /retry.',
  }
}

async function commitChange(
  services: Services,
  order: Order,
  task: Task,
  head: TreePoint,
  retry: Retry | null,
): Promise<CarriedOut> {
  const { request, plan, approvals } = order
  const bench = await benchAt(services, request, plan.base.commit)
  const paths = task.exact ? task.changes.map(({ path }) => path) : null
  if (bench.config.agents.some((agent) => agent.use === 'model' && agent.name === task.agent)) {
    const over = await mayNotSpend(services, request, 'execution')
    if (over.length > 0) return { ok: false, findings: over }
  }
  const began = Date.now()
  const change = await metered(services, request, (spend) =>
    makeChange(services, bench, request, { ...task, paths }, head.commit, retry, spend),
  )
  if (!change.ok && 'withinMs' in change) {
    const waits = { task, from: head, withinMs: change.withinMs, round: retry?.round ?? 0, findings: [] }
    return { ok: false, findings: [], waits }
  }
  if (!change.ok) return change
  await keepTime(services, order, { task: task.id, fix: retry?.round ?? 0, ms: Date.now() - began })
  const { tree, files, said } = change.value
  if (!task.exact)
    await keepAccount(services, order, { agent: task.agent, task: task.id, fix: retry?.round ?? 0, said })
  const before = plan.tasks.slice(
    0,
    plan.tasks.findIndex(({ id }) => id === task.id),
  )
  const found = [...deviations([task], files, 'execution'), ...contentDeviations(task, files, before, 'execution')]
  const strayed = found.filter(({ severity }) => severity === 'error')
  // Within the fix loop there is a pull request already, which another plan would not fit.
  const asks = bench.config.deviation === 'approve' && retry === null
  if (strayed.length > 0) return { ok: false, findings: strayed, asks }
  const faults = await faultsBeforePush(bench, plan, task, head.commit, change.value)
  if (faults.length > 0) return { ok: false, findings: faults }
  if (tree === head.tree) return { ok: false, findings: [nothingDone(task)] }

  const { message } = commitMessage({
    codename: request.codename,
    issue: request.issue,
    title: task.title,
    kind: retry ? 'fix' : 'task',
    task: task.id,
  })
  const at = approvals.at(-1)?.at ?? request.at
  const commit = await bench.git.commit({ tree, parents: [head.commit], message, at })
  // A fix goes to the branch of the pull request, where round 1 judges it.
  const ref = retry ? branchOf(request.codename) : workOf(request.codename)
  const expect = head.commit === plan.base.commit ? null : head.commit
  const pushed = await once(services.acts, request, {
    name: `push ${commit}`,
    what: { task: task.id, commit, tree, said },
    look: async () => ((await bench.git.remote(ref)) === commit ? { ok: true as const } : null),
    act: () => bench.git.push([{ ref, to: commit, expect }]),
  })
  if (pushed.ok) return { ok: true, value: { commit, tree } }
  const told = `The commit of task ${task.id} could not be pushed: ${pushed.message}`
  return { ok: false, findings: [{ gate: 'execution', severity: 'error', rule: 'head-moved', message: told }] }
}

/** A step that is done again replaces its time. */
export async function keepTime(services: Services, { request }: Order, time: UpdateRecord['took'][number]) {
  const { took } = await recordNamed(services.updates, request.codename)
  const others = took.filter(({ task, fix: at }) => task !== time.task || at !== time.fix)
  await keep(services.updates, request.codename, { took: [...others, time] })
}

/** A step that is done again replaces what it said before. */
export async function keepAccount(services: Services, { request }: Order, account: UpdateRecord['accounts'][number]) {
  const { accounts } = await recordNamed(services.updates, request.codename)
  const others = accounts.filter(({ task, fix: at }) => task !== account.task || at !== account.fix)
  await keep(services.updates, request.codename, { accounts: [...others, account] })
}

function nothingDone(task: Task): Finding {
  return {
    gate: 'execution',
    severity: 'error',
    rule: 'nothing-to-change',
    message: `Task ${task.id} changed nothing: another change has done it already.`,
    remedy: 'Comment /revise drop the task, or close the issue.',
  }
}
