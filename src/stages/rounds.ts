import { cancelRun, rerun, workflowRun, workflowRunsOn } from '../github/actions.ts'
import { checkRunsOn, findCheck, writeCheck } from '../github/checks.ts'
import { readPull } from '../github/pulls.ts'
import { checkSummary } from '../messages/check-summary.ts'
import type { CheckRun, Finding } from '../model.ts'
import { judgeChecks } from '../policy/checks.ts'
import { judgeMergedTree, judgeMergeReady } from '../policy/merge.ts'
import { showStatus } from './correspondence.ts'
import { once, recorded } from './once.ts'
import type { Looked, Nudge, Order, Progress, Staged, Stopped } from './order.ts'
import { TRUSTED_APPS } from './preflight.ts'
import { mergeFacts, reviewsOn } from './merge-facts.ts'
import { missingReviews, untilReviewed, waitForOwners } from './owners.ts'
import { keep, recordNamed } from './record.ts'
import { review, type Reviewed } from './review.ts'
import type { Services } from './services.ts'
import { benchAt, type Bench } from './settings.ts'
import { branchOf } from './turn.ts'

const TIMED_OUT = new Set<Finding['rule']>(['check-timed-out', 'check-missing', 'checks-none'])

/** GitHub may take minutes to stop a run; one that does not stop in this time is not waited for, ms. */
const STOPPING_MS = 10 * 60_000

export function rounding(services: Services) {
  const judged = (bench: Bench, order: Order, round: 1 | 2, all: CheckRun[], since: number, outrun: number[]) => {
    const runs = all.filter(({ id }) => !outrun.includes(id))
    const expected = round === 1 ? order.plan.checks.round1 : order.plan.checks.round2
    const { appears, timeout } = round === 1 ? bench.config.validation.round1 : bench.config.validation.round2
    const gate = round === 1 ? 'round1' : 'round2'
    const times = { since, now: Date.now(), appears, timeout }
    return judgeChecks({ gate, expected, runs, trusted: TRUSTED_APPS, ...times })
  }

  return {
    review: (order: Order, progress: Progress, round: 1 | 2) => review(services, order, progress, round),

    /** GATE1-1 to GATE1-4: checks, reviewers and people on the head, and the merge that it would be. */
    async roundOne(
      order: Order,
      progress: Progress,
      reviewed: Reviewed,
      since: number,
      nudge: Nudge | null,
      outrun: number[],
    ): Promise<Looked<NonNullable<Progress['checked']>>> {
      const { request, plan } = order
      const { head, pull } = progress
      if (!head || pull === null) throw new Error(`${request.codename} has no pull request to judge.`)
      const bench = await benchAt(services, request, plan.base.commit)
      const { ground, pushers } = await recordNamed(services.updates, request.codename)
      const runs = await checkRunsOn(bench.at, head.commit)
      const checks = judged(bench, order, 1, runs, since, outrun)
      // The pull request itself is asked for only when something was heard of it; its head is known from git.
      const heard = nudge?.about === 'pull-request'
      const humans = plan.reviewers.includes('humans')
      const seen = heard ? await readPull(bench.at, pull) : null
      const now = await bench.git.remote(branchOf(request.codename))
      // Where only a check has ended, the base is looked at in the moment of the merge.
      if (nudge?.about !== 'checks') await bench.git.fetch()
      const base = await bench.git.branch(request.defaultBranch)
      const merge = judgeMergeReady(
        await mergeFacts(bench, {
          head: head.commit,
          base: reviewed.base,
          baseNow: base?.commit ?? reviewed.base,
          // Where somebody has merged it, its branch may be gone.
          pull: {
            state: seen?.state ?? 'open',
            merged: seen?.merged ?? false,
            head: now ?? (seen?.merged ? seen.head : 'nowhere'),
          },
          reviews: await reviewsOn(bench, pull, ground?.requiredReviews ?? 0, heard || humans),
        }),
      )
      const findings = [...merge.findings, ...checks.findings, ...reviewed.findings]
      // A head that cannot be merged any more is not worth waiting for.
      if (merge.verdict === 'fail') return { verdict: 'fail', findings }
      // What the reviewers found is told together with what the checks find, once those have ended.
      if (checks.verdict === 'wait') return { verdict: 'wait' }
      if (findings.some(({ severity }) => severity === 'error')) return { verdict: 'fail', findings }
      // A base that has only moved is caught up with when all else has passed.
      const unreviewed = merge.findings.filter(({ rule }) => rule === 'review-missing')
      if (reviewed.tree === null) return { verdict: 'wait' }
      if (humans) {
        const at = { pull, head: head.commit, needed: ground?.requiredReviews ?? 0, pushers }
        const missing = await missingReviews(bench, reviewed, at)
        if (missing.length > 0) return waitForOwners(services, bench, order, missing, since)
      } else if (unreviewed.length > 0) return untilReviewed(bench, unreviewed, since)
      return { verdict: 'pass', value: { ...head, base: reviewed.base, mergeTree: reviewed.tree } }
    },

    /** GATE2-1: the merged tree is the one that was checked. */
    async judgeMergedTree(progress: Progress): Promise<Staged<null>> {
      const verdict = judgeMergedTree(progress.checked?.mergeTree ?? '', progress.merged?.tree ?? '')
      return verdict.verdict === 'pass' ? { ok: true, value: null } : { ok: false, findings: verdict.findings }
    },

    /** GATE2-1: the full check again, on the merge commit. */
    async roundTwo(
      order: Order,
      progress: Progress,
      reviewed: Reviewed,
      since: number,
      outrun: number[],
    ): Promise<Looked<null>> {
      const bench = await benchAt(services, order.request, order.plan.base.commit)
      const runs = await checkRunsOn(bench.at, progress.merged?.commit ?? '')
      const checks = judged(bench, order, 2, runs, since, outrun)
      const findings = [...checks.findings, ...reviewed.findings]
      if (checks.verdict === 'wait') return { verdict: 'wait' }
      if (findings.some(({ severity }) => severity === 'error')) return { verdict: 'fail', findings }
      return { verdict: 'pass', value: null }
    },

    passRound: (order: Order, round: 1 | 2, sha: string, reviewed: Reviewed) =>
      verdictCheck(services, order, round, sha, {
        conclusion: 'success',
        rows: reviewed.rows,
        findings: reviewed.findings,
      }),

    failRound: (order: Order, round: 1 | 2, sha: string, reviewed: Reviewed, findings: Finding[]) =>
      verdictCheck(services, order, round, sha, { conclusion: 'failure', rows: reviewed.rows, findings }),

    /** GATE-5: after a time-out what runs is stopped, as often as configured; people are told. */
    async stopChecks(
      order: Order,
      round: 1 | 2,
      sha: string,
      tries: number,
      findings: Finding[],
    ): Promise<Stopped | null> {
      const { request, plan } = order
      const bench = await benchAt(services, request, plan.base.commit)
      const { retries } = round === 1 ? bench.config.validation.round1 : bench.config.validation.round2
      if (tries > retries || !timedOut(findings)) return null
      const all = await workflowRunsOn(bench.at, sha)
      // One that is cancelled already was so by an earlier try of this step: people's cancelling is a failure, not a time-out.
      const stopped = all.filter(({ status, conclusion }) => status !== 'completed' || conclusion === 'cancelled')
      for (const { id, status } of stopped) {
        if (status === 'completed') continue
        const act = { name: `cancel run ${id}`, what: { run: id, sha } }
        await recorded(services.acts, request, act, () => cancelRun(bench.at, id))
      }
      const suites = new Set(stopped.map(({ suite }) => suite))
      const checks = await checkRunsOn(bench.at, sha)
      await keep(services.updates, request.codename, { findings })
      await showStatus(services, bench, request)
      return {
        runs: stopped.map(({ id, attempt }) => ({ id, attempt })),
        outrun: checks.filter(({ suite }) => suites.has(suite)).map(({ id }) => id),
      }
    },

    /** Starts again what was stopped, as soon as GitHub says that it stands still. */
    async startChecksAgain(order: Order, { runs }: Stopped, since: number): Promise<Looked<null>> {
      const { request, plan } = order
      const bench = await benchAt(services, request, plan.base.commit)
      let running = false
      for (const { id, attempt } of runs) {
        const now = await workflowRun(bench.at, id)
        if (now.attempt > attempt) continue
        const act = { name: `run ${id} again`, what: { run: id, after: attempt } }
        const begun =
          now.status === 'completed' && (await recorded(services.acts, request, act, () => rerun(bench.at, id)))
        if (!begun) running = true
      }
      if (!running) return { verdict: 'pass', value: null }
      return Date.now() - since < STOPPING_MS ? { verdict: 'wait' } : { verdict: 'fail', findings: [] }
    },
  }
}

const timedOut = (findings: Finding[]) => {
  const errors = findings.filter(({ severity }) => severity === 'error')
  return errors.length > 0 && errors.every(({ rule }) => TIMED_OUT.has(rule))
}

type Verdict = { conclusion: 'success' | 'failure'; rows: Reviewed['rows']; findings: Finding[] }

/** Pawl's own check run on a commit; its id is found again by the codename. */
async function verdictCheck(
  services: Services,
  order: Order,
  round: 1 | 2,
  sha: string,
  verdict: Verdict,
): Promise<void> {
  const { request, plan } = order
  const { codename } = request
  const bench = await benchAt(services, request, plan.base.commit)
  const text = checkSummary({ codename, round, rows: verdict.rows, findings: verdict.findings })
  await once(services.acts, request, {
    name: `check round ${round} on ${sha}`,
    what: { round, sha, conclusion: verdict.conclusion },
    look: () => findCheck(bench.at, sha, text.name, codename),
    act: () => writeCheck(bench.at, { ...text, sha, conclusion: verdict.conclusion, externalId: codename }),
  })
}
