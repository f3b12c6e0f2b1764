import { findPull, mergePull, openPull, readPull, reviewsOf } from '../github/pulls.ts'
import { commitMessage } from '../messages/commit-message.ts'
import { pullRequestText } from '../messages/pull-request.ts'
import type { Finding, TreePoint } from '../model.ts'
import { judgeMergeReady, type MergeFacts } from '../policy/merge.ts'
import { linksOf } from './correspondence.ts'
import { once } from './once.ts'
import type { Order, Progress, Staged } from './order.ts'
import { recordNamed } from './record.ts'
import type { Services } from './services.ts'
import { benchAt, type Bench } from './settings.ts'
import { branchOf, workOf } from './turn.ts'

/** How often a branch catches up with a default branch that others keep moving. */
const MOST_CATCH_UPS = 5

export function pulling(services: Services) {
  const shortRef = (codename: string) => branchOf(codename).replace('refs/heads/', '')

  return {
    /** SNAP-3: the branch and its pull request; the ref that kept the commits until now goes in the same push. */
    async openPull(order: Order, head: TreePoint): Promise<Staged<number>> {
      const { request, plan, approvals } = order
      const { codename, issue, defaultBranch: base } = request
      const bench = await benchAt(services, request, plan.base.commit)
      const pushed = await pushBranch(services, bench, order, head.commit, null)
      if (!pushed.ok) return pushed
      const record = await recordNamed(services.updates, codename)
      const planUrl = linksOf(services, request, record).plan ?? null
      const text = pullRequestText({ plan, issue, approvedBy: approvals.map(({ login }) => login), planUrl })
      const branch = shortRef(codename)
      const number = await once(services.acts, request, {
        name: 'pull request',
        what: { head: head.commit, branch },
        look: async () => (await findPull(bench.at, branch))?.number ?? null,
        act: async () => (await openPull(bench.at, { head: branch, base, ...text })).number,
      })
      return { ok: true, value: number }
    },

    /**
     * Merges exactly the head that was checked, onto exactly the base it was checked with (GATE1-4). `null`: the base moved
     * meanwhile, and the branch must catch up first.
     */
    async merge(
      order: Order,
      progress: Progress,
      checked: NonNullable<Progress['checked']>,
    ): Promise<Staged<TreePoint | null>> {
      const { request, plan } = order
      const { codename, issue, title } = request
      const bench = await benchAt(services, request, plan.base.commit)
      const number = progress.pull ?? 0
      await bench.git.fetch()
      const base = await bench.git.branch(request.defaultBranch)
      const { subject, body } = commitMessage({ codename, issue, title, kind: 'merge', task: null })
      const answer = await once(services.acts, request, {
        name: `merge of ${checked.commit}`,
        what: { pull: number, head: checked.commit, base: checked.base, tree: checked.mergeTree },
        look: async () => {
          const pull = await readPull(bench.at, number)
          return pull.mergeCommit === null ? null : { merged: true as const, sha: pull.mergeCommit }
        },
        act: async () => {
          if (base?.commit !== checked.base) return { merged: false as const, why: 'base' as const, message: '' }
          const { method } = bench.config.merge
          return mergePull(bench.at, { number, sha: checked.commit, method, title: subject, message: body })
        },
      })
      if (answer.merged) {
        await bench.git.fetch()
        const merged = await bench.git.point(answer.sha)
        if (!merged) throw new Error(`GitHub merged ${number} as ${answer.sha}, and git does not know that commit.`)
        return { ok: true, value: merged }
      }
      if (answer.why === 'base') return { ok: true, value: null }
      return { ok: false, findings: [mergeRefused(answer)] }
    },

    /** Others merged first: their commits are merged into the branch, and round 1 begins again on the result. */
    async catchUp(order: Order, progress: Progress, round: number): Promise<Staged<TreePoint>> {
      const { request, plan, approvals } = order
      const bench = await benchAt(services, request, plan.base.commit)
      await bench.git.fetch()
      const base = await bench.git.branch(request.defaultBranch)
      const head = progress.head
      if (!base || !head) throw new Error(`${request.codename} has nothing to catch up with.`)
      const tree = await bench.git.mergeTree(base.commit, head.commit)
      const facts = await mergeFacts(bench, { head: head.commit, base: plan.base.commit, baseNow: base.commit })
      const wrong = judgeMergeReady(facts).findings.filter(({ severity }) => severity === 'error')
      if (wrong.length > 0 || !tree.ok) return { ok: false, findings: wrong }
      if (round > MOST_CATCH_UPS) return { ok: false, findings: [tooBusy(request.defaultBranch)] }
      const { codename, issue } = request
      const title = `Merge ${request.defaultBranch} into ${shortRef(codename)}`
      const { message } = commitMessage({ codename, issue, title, kind: 'merge', task: null })
      const at = approvals.at(-1)?.at ?? request.at
      const commit = await bench.git.commit({ tree: tree.tree, parents: [head.commit, base.commit], message, at })
      const pushed = await pushBranch(services, bench, order, commit, head.commit)
      return pushed.ok ? { ok: true, value: { commit, tree: tree.tree } } : pushed
    },
  }
}

/** The facts of a merge that git knows by itself; a pull request that GitHub was not asked about counts as open. */
export async function mergeFacts(
  bench: Bench,
  at: { head: string; base: string; baseNow: string; pull?: MergeFacts['pull']; reviews?: MergeFacts['reviews'] },
): Promise<MergeFacts> {
  const merged = await bench.git.mergeTree(at.baseNow, at.head)
  return {
    pull: at.pull ?? { state: 'open', merged: false, head: at.head },
    checkedHead: at.head,
    baseNow: at.baseNow,
    checkedBase: at.base,
    mergeTree: merged.ok ? merged : { ok: false, conflicts: merged.paths },
    reviews: at.reviews ?? { needed: 0, approved: 0, changesRequested: [] },
    baseForcePushed: !(await bench.git.isAncestor(at.base, at.baseNow)),
  }
}

/** What human reviewers said, asked only where the branch requires their word (GATE1-3). */
export async function reviewsNeeded(bench: Bench, pull: number, needed: number): Promise<MergeFacts['reviews']> {
  if (needed === 0) return { needed, approved: 0, changesRequested: [] }
  const reviews = await reviewsOf(bench.at, pull)
  return {
    needed,
    approved: reviews.filter(({ state }) => state === 'APPROVED').length,
    changesRequested: reviews.filter(({ state }) => state === 'CHANGES_REQUESTED').map(({ login }) => login),
  }
}

async function pushBranch(
  services: Services,
  bench: Bench,
  order: Order,
  commit: string,
  before: string | null,
): Promise<Staged<null>> {
  const { codename } = order.request
  const ref = branchOf(codename)
  const work = await bench.git.remote(workOf(codename))
  const pushed = await once(services.acts, order.request, {
    name: `branch at ${commit}`,
    what: { ref, commit, before },
    look: async () => ((await bench.git.remote(ref)) === commit ? { ok: true as const } : null),
    act: () =>
      bench.git.push([
        { ref, to: commit, expect: before },
        ...(work === null ? [] : [{ ref: workOf(codename), to: null, expect: work }]),
      ]),
  })
  if (pushed.ok) return { ok: true, value: null }
  const message = `The branch ${ref.replace('refs/heads/', '')} could not be pushed: ${pushed.message}`
  const remedy = 'Leave the update’s branch to Pawl; comment /retry to begin again.'
  const rule = before === null ? 'branch-exists' : 'head-moved'
  return { ok: false, findings: [{ gate: 'execution', severity: 'error', rule, message, remedy }] }
}

function mergeRefused(answer: { why: 'moved' | 'refused'; message: string }): Finding {
  const moved = answer.why === 'moved'
  return {
    gate: 'merge',
    severity: 'error',
    rule: moved ? 'head-moved' : 'merge-refused',
    message: `GitHub did not merge the pull request: ${answer.message}`,
    remedy: moved
      ? 'Leave the update’s branch to Pawl; comment /retry to begin again.'
      : 'See which rule of the branch forbids it, then comment /retry.',
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
