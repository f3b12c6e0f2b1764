import { findPull, mergePull, openPull, readPull, readyPull } from '../github/pulls.ts'
import { commitMessage } from '../messages/commit-message.ts'
import { pullRequestText } from '../messages/pull-request.ts'
import type { Finding, TreePoint } from '../model.ts'
import { judgeMergeReady } from '../policy/merge.ts'
import { linksOf, showStatus } from './correspondence.ts'
import { mergeFacts, reviewsOn } from './merge-facts.ts'
import { once, recorded } from './once.ts'
import type { Looked, Order, Progress, Staged } from './order.ts'
import { keep, recordNamed } from './record.ts'
import type { Services } from './services.ts'
import { benchAt, type Bench } from './settings.ts'
import { branchOf, workOf } from './turn.ts'

/** How often a branch catches up with a default branch that others keep moving. */
const MOST_CATCH_UPS = 5

export function pulling(services: Services) {
  const shortRef = (codename: string) => branchOf(codename).replace('refs/heads/', '')

  return {
    /**
     * SNAP-3: the branch and its pull request; the ref that kept the commits until now goes in the same push. A draft that people
     * worked on is made ready first, so that the checks of this head are not those of a draft.
     */
    async openPull(order: Order, progress: Progress, head: TreePoint): Promise<Staged<number>> {
      const { request, plan, approvals } = order
      const { codename, issue, defaultBranch: base } = request
      const bench = await benchAt(services, request, plan.base.commit)
      const record = await recordNamed(services.updates, codename)
      const planUrl = linksOf(services, request, record).plan ?? null
      const text = pullRequestText({ plan, issue, approvedBy: approvals.map(({ login }) => login), planUrl })
      const branch = shortRef(codename)
      const { pull } = progress
      if (pull !== null) {
        await recorded(services.acts, request, { name: `pull request ${pull} is ready`, what: { pull } }, () =>
          readyPull(bench.at, pull, text),
        )
      }
      const pushed = await pushBranch(services, bench, order, head.commit, progress.branch, true)
      if (!pushed.ok) return pushed
      if (pull !== null) return { ok: true, value: pull }
      const number = await once(services.acts, request, {
        name: `pull request of ${head.commit}`,
        what: { head: head.commit, branch },
        look: async () => (await findPull(bench.at, branch))?.number ?? null,
        act: async () => (await openPull(bench.at, { head: branch, base, ...text })).number,
      })
      return { ok: true, value: number }
    },

    /**
     * Merges exactly the head that was checked, onto exactly the base it was checked with (GATE1-4). `null`: the base moved
     * meanwhile, and the branch must catch up first. Where GitHub refuses, as without a review that the branch requires, it
     * is tried again until the round's time is up. What was merged already, by an earlier try or by a person, is taken as it is.
     */
    async merge(
      order: Order,
      progress: Progress,
      checked: NonNullable<Progress['checked']>,
      since: number,
    ): Promise<Looked<TreePoint | null>> {
      const { request, plan } = order
      const { codename, issue, title, defaultBranch } = request
      const bench = await benchAt(services, request, plan.base.commit)
      const number = progress.pull ?? 0
      const baseMoved = async () => {
        await bench.git.fetch()
        return (await bench.git.branch(defaultBranch))?.commit !== checked.base
      }
      const taken = async (sha: string): Promise<Looked<TreePoint | null>> => {
        await bench.git.fetch()
        const merged = await bench.git.point(sha)
        if (!merged) throw new Error(`GitHub merged ${number} as ${sha}, and git does not know that commit.`)
        return { verdict: 'pass', value: merged }
      }
      if (await baseMoved()) {
        const { mergeCommit } = await readPull(bench.at, number)
        return mergeCommit === null ? { verdict: 'pass', value: null } : taken(mergeCommit)
      }
      const { subject, body } = commitMessage({ codename, issue, title, kind: 'merge', task: null })
      const { method } = bench.config.merge
      const what = { pull: number, head: checked.commit, base: checked.base, tree: checked.mergeTree }
      const answer = await recorded(services.acts, request, { name: `merge of ${checked.commit}`, what }, () =>
        mergePull(bench.at, { number, sha: checked.commit, method, title: subject, message: body }),
      )
      if (answer.merged) return taken(answer.sha)
      const pull = await readPull(bench.at, number)
      if (pull.mergeCommit !== null) return taken(pull.mergeCommit)
      const { state, merged, head } = pull
      const facts = await mergeFacts(bench, {
        head: checked.commit,
        base: checked.base,
        baseNow: checked.base,
        pull: { state, merged, head },
        reviews: await reviewsOn(bench, number, 0, true),
      })
      const wrong = judgeMergeReady(facts).findings.filter(({ severity }) => severity === 'error')
      if (wrong.length > 0) return { verdict: 'fail', findings: wrong }
      if (await baseMoved()) return { verdict: 'pass', value: null }
      const refused = mergeRefused(answer)
      if (Date.now() - since >= bench.config.validation.round1.timeout) return { verdict: 'fail', findings: [refused] }
      await keep(services.updates, codename, { findings: [{ ...refused, severity: 'warning' }] })
      await showStatus(services, bench, request)
      return { verdict: 'wait' }
    },

    /** Others merged first: their commits are merged into the branch, and round 1 begins again on the result. */
    async catchUp(order: Order, progress: Progress, round: number): Promise<Staged<{ head: TreePoint; base: string }>> {
      const { request, plan, approvals } = order
      const bench = await benchAt(services, request, plan.base.commit)
      await bench.git.fetch()
      const base = await bench.git.branch(request.defaultBranch)
      const head = progress.head
      if (!base || !head) throw new Error(`${request.codename} has nothing to catch up with.`)
      const last = progress.base ?? plan.base.commit
      const facts = await mergeFacts(bench, { head: head.commit, base: last, baseNow: base.commit })
      const wrong = judgeMergeReady(facts).findings.filter(({ severity }) => severity === 'error')
      const { mergeTree: tree } = facts
      if (wrong.length > 0 || !tree.ok) return { ok: false, findings: wrong }
      if (round > MOST_CATCH_UPS) return { ok: false, findings: [tooBusy(request.defaultBranch)] }
      const { codename, issue } = request
      const title = `Merge ${request.defaultBranch} into ${shortRef(codename)}`
      const { message } = commitMessage({ codename, issue, title, kind: 'merge', task: null })
      const at = approvals.at(-1)?.at ?? request.at
      const commit = await bench.git.commit({ tree: tree.tree, parents: [head.commit, base.commit], message, at })
      const pushed = await pushBranch(services, bench, order, commit, head.commit, false)
      return pushed.ok ? { ok: true, value: { head: { commit, tree: tree.tree }, base: base.commit } } : pushed
    },
  }
}

async function pushBranch(
  services: Services,
  bench: Bench,
  order: Order,
  commit: string,
  before: string | null,
  /** Whether the commit waits on a ref of its own, which goes then. */
  work: boolean,
): Promise<Staged<null>> {
  const { codename } = order.request
  const ref = branchOf(codename)
  const pushed = await once(services.acts, order.request, {
    name: `branch at ${commit}`,
    what: { ref, commit, before },
    look: async () => ((await bench.git.remote(ref)) === commit ? { ok: true as const } : null),
    act: () =>
      bench.git.push([
        { ref, to: commit, expect: before },
        ...(work ? [{ ref: workOf(codename), to: null, expect: commit }] : []),
      ]),
  })
  if (pushed.ok) return { ok: true, value: null }
  const message = `The branch ${ref.replace('refs/heads/', '')} could not be pushed: ${pushed.message}`
  const remedy = 'Leave the update’s branch to Pawl; comment /retry to begin again.'
  const rule = before === null ? 'branch-exists' : 'head-moved'
  return { ok: false, findings: [{ gate: 'execution', severity: 'error', rule, message, remedy }] }
}

function mergeRefused({ message }: { message: string }): Finding {
  return {
    gate: 'merge',
    severity: 'error',
    rule: 'merge-refused',
    message: `GitHub does not merge the pull request yet: ${message}`,
    remedy: 'Give it what the rules of the branch ask for, such as a review; Pawl tries again by itself.',
  }
}

function tooBusy(branch: string): Finding {
  return {
    gate: 'merge',
    severity: 'error',
    rule: 'base-moved',
    message: `${branch} moved ${MOST_CATCH_UPS} times while round 1 was running.`,
    remedy: 'Comment /retry when fewer others merge.',
  }
}
