import { cancelRun, rerun, workflowRunsOn } from '../github/actions.ts'
import { checkRunsOn, findCheck, writeCheck } from '../github/checks.ts'
import { readPull } from '../github/pulls.ts'
import { checkSummary } from '../messages/check-summary.ts'
import type { CheckRun, Finding } from '../model.ts'
import { judgeChecks } from '../policy/checks.ts'
import { judgeMergedTree, judgeMergeReady } from '../policy/merge.ts'
import { showStatus } from './correspondence.ts'
import { once } from './once.ts'
import type { Looked, Nudge, Order, Progress, Staged } from './order.ts'
import { TRUSTED_APPS } from './preflight.ts'
import { mergeFacts, reviewsNeeded } from './pull.ts'
import { keep, recordNamed } from './record.ts'
import { review, type Reviewed } from './review.ts'
import type { Services } from './services.ts'
import { benchAt, type Bench } from './settings.ts'
import { branchOf } from './turn.ts'

const TIMED_OUT = new Set<Finding['rule']>(['check-timed-out', 'check-missing', 'checks-none'])

export function rounding(services: Services) {
  const judged = (bench: Bench, order: Order, round: 1 | 2, runs: CheckRun[], since: number) => {
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
    ): Promise<Looked<NonNullable<Progress['checked']>>> {
      const { request, plan } = order
      const { head, pull } = progress
      if (!head || pull === null) throw new Error(`${request.codename} has no pull request to judge.`)
      const bench = await benchAt(services, request, plan.base.commit)
      const { ground } = await recordNamed(services.updates, request.codename)
      const runs = await checkRunsOn(bench.at, head.commit)
      const checks = judged(bench, order, 1, runs, since)
      // The pull request itself is asked for only when something was heard of it; its head is known from git.
      const seen = nudge?.about === 'pull-request' ? await readPull(bench.at, pull) : null
      const now = await bench.git.remote(branchOf(request.codename))
      const merge = judgeMergeReady(
        await mergeFacts(bench, {
          head: head.commit,
          base: reviewed.base,
          baseNow: reviewed.base,
          pull: { state: seen?.state ?? 'open', merged: seen?.merged ?? false, head: now ?? 'nowhere' },
          reviews: await reviewsNeeded(bench, pull, ground?.requiredReviews ?? 0),
        }),
      )
      const findings = [...checks.findings, ...reviewed.findings, ...merge.findings]
      // What the reviewers found is told together with what the checks find, once those have ended.
      if (checks.verdict === 'wait') return { verdict: 'wait' }
      if (findings.some(({ severity }) => severity === 'error')) return { verdict: 'fail', findings }
      if (merge.verdict === 'wait' || reviewed.tree === null) return { verdict: 'wait' }
      return { verdict: 'pass', value: { ...head, base: reviewed.base, mergeTree: reviewed.tree } }
    },

    /** GATE2-1: the merged tree is the one that was checked. */
    async judgeMergedTree(progress: Progress): Promise<Staged<null>> {
      const verdict = judgeMergedTree(progress.checked?.mergeTree ?? '', progress.merged?.tree ?? '')
      return verdict.verdict === 'pass' ? { ok: true, value: null } : { ok: false, findings: verdict.findings }
    },

    /** GATE2-1: the full check again, on the merge commit. */
    async roundTwo(order: Order, progress: Progress, reviewed: Reviewed, since: number): Promise<Looked<null>> {
      const bench = await benchAt(services, order.request, order.plan.base.commit)
      const runs = await checkRunsOn(bench.at, progress.merged?.commit ?? '')
      const checks = judged(bench, order, 2, runs, since)
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

    /** GATE-5: after a time-out the runs are cancelled and started again, as often as configured; people are told. */
    async retryChecks(order: Order, round: 1 | 2, sha: string, tries: number, findings: Finding[]): Promise<boolean> {
      const { request, plan } = order
      const bench = await benchAt(services, request, plan.base.commit)
      const { retries } = round === 1 ? bench.config.validation.round1 : bench.config.validation.round2
      if (tries > retries || !timedOut(findings)) return false
      for (const run of await workflowRunsOn(bench.at, sha)) {
        if (run.status !== 'completed') await cancelRun(bench.at, run.id)
        await rerun(bench.at, run.id)
      }
      await keep(services.updates, request.codename, { findings })
      await showStatus(services, bench, request)
      return true
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
