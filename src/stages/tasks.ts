import type { Retry } from '../agents/agent.ts'
import { commitMessage } from '../messages/commit-message.ts'
import type { Finding, Task, TreePoint } from '../model.ts'
import { deviations } from '../validators/fidelity.ts'
import { makeChange } from './change.ts'
import { logsOfFailures } from './check-logs.ts'
import { once } from './once.ts'
import type { Order, Progress, Staged } from './order.ts'
import type { Services } from './services.ts'
import { benchAt } from './settings.ts'
import { branchOf, workOf } from './turn.ts'

/** What became of a task; `asks` when it did something else than planned and people are to be asked about that (EXEC-2). */
export type CarriedOut = { ok: true; value: TreePoint } | { ok: false; findings: Finding[]; asks?: boolean }

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
): Promise<Staged<TreePoint>> {
  const { plan, request } = order
  const bench = await benchAt(services, request, plan.base.commit)
  const { fixes } = bench.config.validation.round1
  const tasks = plan.tasks.filter((task) => !task.exact)
  if (tasks.length === 0 || round > fixes) return { ok: false, findings: [] }
  let head = progress.head ?? plan.base
  const failed = findings.some(({ rule }) => rule === 'check-failed')
  const logs = failed ? await logsOfFailures(bench, head.commit) : []
  const retry: Retry = {
    round,
    findings: findings.map(({ rule, message, path }) => ({ rule, message, ...(path ? { path } : {}) })),
    logs: logs.map(({ title, text }) => ({ text: `${title}:\n${text}`, trust: 'repository' })),
  }
  for (const task of tasks) {
    const fixed = await commitChange(services, order, task, head, retry)
    if (!fixed.ok) return fixed
    head = fixed.value
  }
  return { ok: true, value: { commit: head.commit, tree: head.tree } }
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
  const change = await makeChange(services, bench, request, { ...task, paths }, head.commit, retry)
  if (!change.ok) return change
  const { tree, files, said } = change.value
  const strayed = deviations([task], files, 'execution').filter(({ severity }) => severity === 'error')
  // Within the fix loop there is a pull request already, which another plan would not fit.
  const asks = bench.config.deviation === 'approve' && retry === null
  if (strayed.length > 0) return { ok: false, findings: strayed, asks }
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

function nothingDone(task: Task): Finding {
  return {
    gate: 'execution',
    severity: 'error',
    rule: 'nothing-to-change',
    message: `Task ${task.id} changed nothing: another change has done it already.`,
    remedy: 'Comment /revise drop the task, or close the issue.',
  }
}
