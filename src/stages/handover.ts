import { pushesTo } from '../github/activity.ts'
import { findComment, postComment } from '../github/issues.ts'
import { findPull, openPull, readPull } from '../github/pulls.ts'
import { commitMessage } from '../messages/commit-message.ts'
import { handoverText, renderHandover, renderPushRefused, renderPushReminder } from '../messages/handover.ts'
import { durationText } from '../messages/time.ts'
import type { Finding, Task, TreePoint } from '../model.ts'
import { judgePush, type PushFacts } from '../policy/push.ts'
import { deviations } from '../validators/fidelity.ts'
import { linksOf, showStatus } from './correspondence.ts'
import { once } from './once.ts'
import type { Looked, Nudge, Order, Progress, Staged, Waiting } from './order.ts'
import { personOf } from './people.ts'
import { keep, recordNamed } from './record.ts'
import type { Services } from './services.ts'
import { benchAt, type Bench } from './settings.ts'
import { keepAccount, keepTime } from './tasks.ts'
import { branchOf, workOf } from './turn.ts'

/** The branch as it was handed over, and the pull request in which people see it. */
export type Handed = Waiting & { branch: string; pull: number }

/** What a person pushed after so many ms. `strayed` is what is not as planned. */
export type Pushed = TreePoint & { by: string; ms: number; strayed: Finding[] }

export function handingOver(services: Services) {
  return {
    /**
     * Opens the branch with a draft pull request, or says in the one that is open whose turn it is. There is nothing to see yet:
     * GitHub opens no pull request without a commit, so an empty one begins it, for which no workflow runs.
     */
    async handOver(order: Order, progress: Progress, waiting: Waiting): Promise<Staged<Handed>> {
      const { request, plan, approvals } = order
      const { codename, issue, defaultBranch: base } = request
      const { task, from, round } = waiting
      const bench = await benchAt(services, request, plan.base.commit)
      const branch = branchOf(codename).replace('refs/heads/', '')
      // A pull request that is judged already stands where it is; only the words are new.
      const commit = round > 0 ? from.commit : await beginning(bench, order, task, from)
      if (round === 0) {
        const expect = progress.branch
        const pushed = await once(services.acts, request, {
          name: `hand over ${commit}`,
          what: { task: task.id, commit, expect },
          look: async () => ((await bench.git.remote(branchOf(codename))) === commit ? { ok: true as const } : null),
          act: () => bench.git.push([{ ref: branchOf(codename), to: commit, expect }]),
        })
        if (!pushed.ok) return { ok: false, findings: [notOpened(branch, pushed.message)] }
      }
      const record = await recordNamed(services.updates, codename)
      const planUrl = linksOf(services, request, record).plan ?? null
      const approvedBy = approvals.map(({ login }) => login)
      const view = { plan, task, issue, branch, withinMs: waiting.withinMs, approvedBy, planUrl }
      if (progress.pull !== null) {
        await sayInPull(
          services,
          bench,
          order,
          progress.pull,
          `say who goes on at ${commit}`,
          renderHandover(view, commit, waiting.findings),
        )
        return { ok: true, value: { ...waiting, branch: commit, pull: progress.pull } }
      }
      const text = handoverText(view)
      const pull = await once(services.acts, request, {
        name: `pull request of ${commit}`,
        what: { head: commit, branch },
        look: async () => (await findPull(bench.at, branch))?.number ?? null,
        act: async () => (await openPull(bench.at, { head: branch, base, ...text, draft: true })).number,
      })
      return { ok: true, value: { ...waiting, branch: commit, pull } }
    },

    async asksAboutDeviations({ request, plan }: Order): Promise<boolean> {
      return (await benchAt(services, request, plan.base.commit)).config.deviation === 'approve'
    },

    /** Whether somebody who may has pushed. What may not be taken is told once in the pull request, and waited over. */
    async lookForPush(order: Order, handed: Handed, since: number, nudge: Nudge | null): Promise<Looked<Pushed>> {
      const { request, plan } = order
      const { codename } = request
      const bench = await benchAt(services, request, plan.base.commit)
      const tip = await bench.git.remote(branchOf(codename))
      const closed = nudge?.about !== 'push' && (await readPull(bench.at, handed.pull)).state === 'closed'
      if (tip === null || closed) return { verdict: 'fail', findings: [closedMeanwhile(handed)] }
      if (tip !== handed.branch) {
        await bench.git.fetch()
        const point = await bench.git.point(tip)
        const pushes = point && (await pushesSince(bench, handed, branchOf(codename), tip, nudge))
        if (point && pushes) {
          const found = await judged(bench, order, handed, tip, pushes)
          const { files } = await bench.git.measure(handed.from.commit, tip)
          if (found.length === 0 && files.length > 0) {
            const strayed = deviations(
              plan.tasks.filter((task) => covers(handed, task)),
              files,
              'execution',
            )
            const errors = strayed.filter(({ severity }) => severity === 'error')
            return {
              verdict: 'pass',
              value: { ...point, by: pushes.at(-1)?.by?.login ?? '', ms: Date.now() - since, strayed: errors },
            }
          }
          if (found.length > 0) await refuse(services, bench, order, handed, tip, found)
        }
      }
      const waited = Date.now() - since
      if (waited >= handed.withinMs) return { verdict: 'fail', findings: [nobodyPushed(handed)] }
      if (waited >= handed.withinMs / 2) {
        const text = renderPushReminder(codename, handed.branch, request.requester, handed.withinMs - waited)
        await sayInPull(services, bench, order, handed.pull, `remind of ${handed.branch}`, text)
      }
      return { verdict: 'wait' }
    },

    /**
     * The task's commit: what was pushed, as a commit of the host's own on top, so that the checks run on a head of its. It waits
     * with those of the other tasks; within the fix loop it goes to the branch.
     */
    async takeOver(order: Order, handed: Handed, pushed: Pushed): Promise<Staged<TreePoint>> {
      const { request, plan, approvals } = order
      const { codename, issue } = request
      const { task, from, round } = handed
      const bench = await benchAt(services, request, plan.base.commit)
      const said = `@${pushed.by} pushed ${pushed.commit}.`
      await keepAccount(services, order, { agent: task.agent, task: task.id, fix: round, said })
      await keepTime(services, order, { task: task.id, fix: round, ms: pushed.ms })
      const { pushers } = await recordNamed(services.updates, codename)
      await keep(services.updates, codename, { pushers: [...new Set([...pushers, pushed.by])] })
      const kind = round > 0 ? 'fix' : 'task'
      const { message } = commitMessage({ codename, issue, title: task.title, kind, task: task.id })
      const at = approvals.at(-1)?.at ?? request.at
      const { tree } = pushed
      const commit = await bench.git.commit({ tree, parents: [pushed.commit], message, at })
      const first = from.commit === plan.base.commit
      const [ref, expect] =
        round > 0 ? [branchOf(codename), pushed.commit] : [workOf(codename), first ? null : from.commit]
      const answer = await once(services.acts, request, {
        name: `take over ${commit}`,
        what: { task: task.id, commit, tree, by: pushed.by, pushed: pushed.commit },
        look: async () => ((await bench.git.remote(ref)) === commit ? { ok: true as const } : null),
        act: () => bench.git.push([{ ref, to: commit, expect }]),
      })
      if (answer.ok) return { ok: true, value: { commit, tree } }
      const message2 = `What was pushed for task ${task.id} could not be taken over: ${answer.message}`
      const remedy = 'Push once and leave the branch alone until the update is over; comment /retry to begin again.'
      return { ok: false, findings: [{ ...about, rule: 'head-moved', message: message2, remedy }] }
    },
  }
}

const about = { gate: 'execution', severity: 'error' } as const

/** Within the fix loop whatever people made may be corrected. */
function covers({ task, round }: Handed, each: Task): boolean {
  return round > 0 ? each.agent === task.agent : each.id === task.id
}

async function beginning(bench: Bench, { request, approvals }: Order, task: Task, from: TreePoint): Promise<string> {
  const { codename, issue } = request
  const { message } = commitMessage({ codename, issue, title: task.title, kind: 'handover', task: task.id })
  return bench.git.commit({
    tree: from.tree,
    parents: [from.commit],
    message,
    at: approvals.at(-1)?.at ?? request.at,
  })
}

type Made = { after: string; login: string | null }

/** The pushes since the handover whose commits the tip holds, oldest first; `null` as long as GitHub does not list the last one. */
async function pushesSince(
  bench: Bench,
  handed: Handed,
  ref: string,
  tip: string,
  nudge: Nudge | null,
): Promise<PushFacts[] | null> {
  // The webhook of the only push since then is signed, and says all that the list would.
  const told = nudge?.about === 'push' && nudge.ref === ref && nudge.before === handed.branch && nudge.sha === tip
  const made: Made[] = told && nudge.actor !== undefined ? [{ after: tip, login: nudge.actor }] : []
  if (made.length === 0) {
    // A server that cannot say who pushed leaves nobody to trust.
    const listed = (await pushesTo(bench.at, ref)) ?? [{ before: '', after: tip, login: null }]
    if (listed[0]?.after !== tip) return null
    const start = listed.findIndex(({ after }) => after === handed.branch)
    made.push(...(start < 0 ? [{ after: tip, login: null }] : listed.slice(0, start).toReversed()))
  }
  const pushes: PushFacts[] = []
  for (const { after, login } of made) {
    // What was taken off the branch again is in nobody's way.
    if (!(await bench.git.point(after)) || !(await bench.git.isAncestor(after, tip))) continue
    pushes.push({ after, by: login === null ? null : await personOf(bench.at, login, []) })
  }
  return pushes
}

async function judged(
  bench: Bench,
  { request, plan }: Order,
  { from }: Handed,
  tip: string,
  pushes: PushFacts[],
): Promise<Finding[]> {
  const base = await bench.git.branch(request.defaultBranch)
  const moved =
    base !== null && base.commit !== plan.base.commit && !(await bench.git.isAncestor(base.commit, from.commit))
  return judgePush(
    {
      descends: await bench.git.isAncestor(from.commit, tip),
      holdsBase: moved && (await bench.git.isAncestor(base.commit, tip)),
      pushes,
    },
    branchOf(request.codename).replace('refs/heads/', ''),
  )
}

async function refuse(
  services: Services,
  bench: Bench,
  order: Order,
  { pull }: Handed,
  tip: string,
  findings: Finding[],
): Promise<void> {
  const { codename } = order.request
  await sayInPull(services, bench, order, pull, `refuse ${tip}`, renderPushRefused(codename, tip, findings))
  const warnings = findings.map((finding): Finding => ({ ...finding, severity: 'warning' }))
  const { findings: before } = await recordNamed(services.updates, codename)
  if (JSON.stringify(before) === JSON.stringify(warnings)) return
  await keep(services.updates, codename, { findings: warnings })
  await showStatus(services, bench, order.request)
}

async function sayInPull(
  services: Services,
  bench: Bench,
  { request }: Order,
  pull: number,
  name: string,
  body: string,
): Promise<void> {
  const marker = body.split('\n', 1)[0] ?? ''
  await once(services.acts, request, {
    name,
    what: { pull, comment: name },
    look: () => findComment(bench.at, pull, marker),
    act: () => postComment(bench.at, pull, body),
  })
}

function notOpened(branch: string, why: string): Finding {
  const remedy = 'Leave the update’s branch to Pawl; comment /retry to begin again.'
  return { ...about, rule: 'branch-exists', message: `The branch ${branch} could not be opened: ${why}`, remedy }
}

function closedMeanwhile({ pull, task }: Handed): Finding {
  const message = `The pull request #${pull} was closed while task ${task.id} waited for a push.`
  return { ...about, rule: 'pull-request-closed', message, remedy: 'Comment /retry to begin again.' }
}

function nobodyPushed({ task, withinMs }: Handed): Finding {
  const message = `Nobody who may has pushed a change for task ${task.id} within ${durationText(withinMs)}.`
  return { ...about, rule: 'push-missing', message, remedy: 'Comment /retry when somebody has the time.' }
}
