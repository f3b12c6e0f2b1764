import { closePull, findPull, mergePull, openPull, readPull } from '../github/pulls.ts'
import { commitMessage } from '../messages/commit-message.ts'
import type { LogExcerpt } from '../messages/failure-report.ts'
import type { Certificate, Finding, ProbeSample, TreePoint } from '../model.ts'
import { logsOfFailures } from './check-logs.ts'
import { showStatus } from './correspondence.ts'
import { once, recorded } from './once.ts'
import type { Failure, Looked, Order, Progress, Staged } from './order.ts'
import { sampleAll } from './probing.ts'
import { keep } from './record.ts'
import type { Services } from './services.ts'
import { benchAt, type Bench } from './settings.ts'
import { note } from './trigger.ts'
import { removeBranches, revertBranchOf } from './turn.ts'

/** The least time that a restored service has to become healthy again, and how often it is asked, ms. */
const RECOVERY_MS = 5_000
const RECOVERY_PAUSE_MS = 500

export type Analysis = { cause: string; excerpts: LogExcerpt[] }

export function restoring(services: Services) {
  return {
    /** OUT-4: the cause, from the findings and from the logs of the checks that failed. */
    async analyse(order: Order, progress: Progress, failure: Failure): Promise<Analysis> {
      const { request, plan } = order
      await note(services, request, 'failure', failure)
      const cause = failure.findings.find(({ severity }) => severity === 'error')?.message ?? 'The update was stopped.'
      const sha = failure.findings.some(({ rule }) => rule === 'check-failed')
        ? (progress.merged ?? progress.head)?.commit
        : undefined
      if (sha === undefined) return { cause, excerpts: [] }
      const bench = await benchAt(services, request, plan.base.commit)
      return { cause, excerpts: await logsOfFailures(bench, sha) }
    },

    /** SNAP-4: the snapshot's tree again, or that of the others without this change. A number: a pull request does it. */
    async restoreBranch(order: Order, progress: Progress): Promise<Staged<number | null>> {
      const { request, plan } = order
      const bench = await benchAt(services, request, plan.base.commit)
      const { merged } = progress
      if (!merged) return { ok: true, value: null }
      await bench.git.fetch()
      const head = await bench.git.branch(request.defaultBranch)
      if (!head) throw new Error(`${request.repo} has no branch ${request.defaultBranch}.`)
      const target = await treeWithout(bench, order, progress, head)
      if (!target.ok) return target
      if (target.value === head.tree) return { ok: true, value: null }
      const { codename, issue, title } = request
      const { message, subject } = commitMessage({ codename, issue, title, kind: 'revert', task: null })
      const commit = await bench.git.commit({
        tree: target.value,
        parents: [head.commit],
        message,
        at: order.approvals.at(-1)?.at ?? request.at,
      })
      if (bench.config.rollback.branch === 'direct') {
        const ref = `refs/heads/${request.defaultBranch}`
        const what = { ref, to: commit, tree: target.value, expect: head.commit }
        const pushed = await recorded(services.acts, request, { name: 'restore the branch', what }, () =>
          bench.git.push([{ ref, to: commit, expect: head.commit }]),
        )
        if (pushed.ok) return { ok: true, value: null }
        // Somebody merged in this very moment: the next try of this step sees their commit.
        if (pushed.why === 'moved') throw new Error(`${request.defaultBranch} moved while it was being restored.`)
      }
      return { ok: true, value: await openRevert(services, bench, order, commit, subject) }
    },

    /** Merges the revert as soon as the rules of the branch allow it. */
    async reverted(order: Order, number: number, since: number): Promise<Looked<null>> {
      const { request, plan } = order
      const bench = await benchAt(services, request, plan.base.commit)
      const pull = await readPull(bench.at, number)
      if (pull.merged) return { verdict: 'pass', value: null }
      const { codename, issue, title } = request
      const { subject, body } = commitMessage({ codename, issue, title, kind: 'revert', task: null })
      const { method } = bench.config.merge
      const what = { pull: number, head: pull.head }
      const answer = await recorded(services.acts, request, { name: `merge of the revert`, what }, () =>
        mergePull(bench.at, { number, sha: pull.head, method, title: subject, message: body }),
      )
      if (answer.merged) return { verdict: 'pass', value: null }
      const { timeout } = bench.config.validation.round1
      if (pull.state === 'open' && Date.now() - since < timeout) {
        await keep(services.updates, request.codename, { findings: [waitsFor(number, answer.message)] })
        await showStatus(services, bench, request)
        return { verdict: 'wait' }
      }
      const message = `The pull request #${number} that takes the change back could not be merged: ${answer.message}`
      return {
        verdict: 'fail',
        findings: [refusal(message, `Merge #${number} by hand, then an admin comments /unlock.`)],
      }
    },

    /** An update that was not merged leaves neither an open pull request nor a branch behind. */
    async tidyUp(order: Order, progress: Progress): Promise<void> {
      const { request, plan } = order
      const bench = await benchAt(services, request, plan.base.commit)
      const { pull, merged } = progress
      if (pull !== null && merged === null) {
        await recorded(services.acts, request, { name: `close pull request ${pull}`, what: { pull } }, () =>
          closePull(bench.at, pull),
        )
      }
      await removeBranches(services, bench, request, progress, merged ? [revertBranchOf(request.codename)] : [])
    },

    /** SNAP-5: proves the restoration, or says what is not restored. `service` is what was brought back into service. */
    async certify(
      order: Order,
      progress: Progress,
      service: Certificate['deployed'],
      troubles: Finding[],
    ): Promise<Staged<Certificate>> {
      const { request, plan } = order
      const bench = await benchAt(services, request, plan.base.commit)
      await bench.git.fetch()
      const final = await bench.git.branch(request.defaultBranch)
      if (!final) throw new Error(`${request.repo} has no branch ${request.defaultBranch}.`)
      const snapshot = progress.snapshot ?? plan.base
      const restoration =
        progress.merged === null ? 'untouched' : final.tree === snapshot.tree ? 'exact' : 'without-change'
      const findings = [...troubles]
      const unnamed = troubles.length === 0
      if (unnamed && restoration === 'without-change' && !(await withoutChange(bench, order, progress, final))) {
        const message = `${request.defaultBranch} has the tree ${final.tree}, which still holds this change.`
        findings.push(refusal(message, `Bring it back to ${snapshot.tree} by hand, then an admin comments /unlock.`))
      }
      // Only a probe that was healthy before the update has a health to come back to.
      const last = new Map(progress.baseline.map(({ probe, ok }) => [probe, ok]))
      const mustBe = ({ probe }: ProbeSample) => last.get(probe) === true
      const samples = progress.deploying ? await recovered(services, bench, order, mustBe) : []
      findings.push(...samples.filter((sample) => !sample.ok && mustBe(sample)).map(unhealthy))
      if (findings.length > 0) return { ok: false, findings }
      const certificate: Certificate = {
        codename: request.codename,
        at: new Date().toISOString(),
        restoration,
        snapshot: { commit: snapshot.commit, tree: snapshot.tree },
        final,
        deployed: service,
        probes: samples.map(({ probe, ok, detail }) => ({ probe, healthy: ok, detail })),
        statement: statementOf(restoration, request.defaultBranch),
      }
      await note(services, request, 'certificate', certificate)
      return { ok: true, value: certificate }
    },
  }
}

/** The tree that the branch is to have: the snapshot's, or where others merged since, theirs without this change. */
async function treeWithout(bench: Bench, order: Order, progress: Progress, head: TreePoint): Promise<Staged<string>> {
  const { merged, checked } = progress
  const snapshot = progress.snapshot ?? order.plan.base
  if (!merged || head.tree === snapshot.tree) return { ok: true, value: head.tree }
  const alone = checked?.base === snapshot.commit && checked.mergeTree === merged.tree
  if (alone && head.commit === merged.commit) return { ok: true, value: snapshot.tree }
  const reverted = await bench.git.revertTree(changeOf(order, progress), head.commit)
  if (reverted.ok) return { ok: true, value: reverted.tree }
  const message = `Others have changed the same lines since: ${reverted.paths.slice(0, 10).join(', ')}.`
  return { ok: false, findings: [refusal(message, 'Take the change back by hand, then an admin comments /unlock.')] }
}

/** Whether taking the change away once more would change nothing. */
async function withoutChange(bench: Bench, order: Order, progress: Progress, final: TreePoint): Promise<boolean> {
  if (!progress.merged) return true
  const reverted = await bench.git.revertTree(changeOf(order, progress), final.commit)
  return reverted.ok && reverted.tree === final.tree
}

/** What the update itself changed. What was merged may hold more: somebody else's work of the very moment. */
function changeOf({ plan }: Order, { checked, head, snapshot }: Progress): { before: string; after: string } {
  if (checked) return { before: checked.base, after: checked.mergeTree }
  return { before: (snapshot ?? plan.base).commit, after: head?.tree ?? plan.base.tree }
}

async function openRevert(
  services: Services,
  bench: Bench,
  order: Order,
  commit: string,
  title: string,
): Promise<number> {
  const { request } = order
  const ref = revertBranchOf(request.codename)
  const branch = ref.replace('refs/heads/', '')
  // An earlier try may have left one for a default branch that has moved since.
  const expect = await bench.git.remote(ref)
  const pushed = await recorded(services.acts, request, { name: 'push the revert', what: { ref, to: commit } }, () =>
    bench.git.push([{ ref, to: commit, expect }]),
  )
  if (!pushed.ok) throw new Error(`The branch ${branch} could not be pushed: ${pushed.message}`)
  const body = `Takes back the update \`${request.codename}\` of #${request.issue}, which failed after its merge.`
  return once(services.acts, request, {
    name: 'revert pull request',
    what: { branch, commit },
    look: async () => (await findPull(bench.at, branch))?.number ?? null,
    act: async () => (await openPull(bench.at, { head: branch, base: request.defaultBranch, title, body })).number,
  })
}

/** Samples of the restored service: as soon as all that must be well are, or the last ones when its time is up. */
async function recovered(
  services: Services,
  bench: Bench,
  order: Order,
  mustBe: (sample: ProbeSample) => boolean,
): Promise<ProbeSample[]> {
  const probes = services.probesOf(bench.config, order.plan.health.probes)
  // As long as it takes the soak to see a service fail.
  const { health } = bench.config
  const seen = Math.max(0, ...health.probes.map(({ interval }) => interval)) * health.failures
  const deadline = Date.now() + Math.max(RECOVERY_MS, seen)
  for (;;) {
    const samples = await sampleAll(probes)
    if (samples.every((sample) => sample.ok || !mustBe(sample)) || Date.now() > deadline) return samples
    await new Promise((resolve) => setTimeout(resolve, RECOVERY_PAUSE_MS))
  }
}

const statements = {
  exact: (branch: string) => `${branch} has exactly the tree of the snapshot.`,
  'without-change': (branch: string) => `${branch} has what others merged meanwhile, without this change.`,
  untouched: (branch: string) => `Nothing of this update was ever merged into ${branch}.`,
}
const statementOf = (restoration: Certificate['restoration'], branch: string) => statements[restoration](branch)

function unhealthy(sample: ProbeSample): Finding {
  const message = `After the rollback the probe ${sample.probe} still fails: ${sample.detail}.`
  return {
    gate: 'rollback',
    severity: 'error',
    rule: 'not-healthy',
    message,
    remedy: 'Bring the service back by hand, then an admin comments /unlock.',
  }
}

function waitsFor(number: number, message: string): Finding {
  return {
    gate: 'rollback',
    severity: 'warning',
    rule: 'restore-refused',
    message: `The pull request #${number} takes the change back, and GitHub does not merge it yet: ${message}`,
    remedy: `Give #${number} what the rules of the branch ask for, such as a review; Pawl tries again by itself.`,
  }
}

function refusal(message: string, remedy: string): Finding {
  return { gate: 'rollback', severity: 'error', rule: 'restore-refused', message, remedy }
}
