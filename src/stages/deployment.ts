import { setTimeout as sleep } from 'node:timers/promises'
import type { DeployRequest, DeployState } from '../deploy/deployer.ts'
import type { Finding, ProbeSample } from '../model.ts'
import { judgeHealth, type HealthVerdict } from '../policy/health.ts'
import { judgeRestart } from '../policy/restart.ts'
import { renderEnding } from '../messages/ending.ts'
import { comment, showStatus } from './correspondence.ts'
import { once } from './once.ts'
import type { Begun, Looked, Nudge, Order, Staged } from './order.ts'
import { sampleAll } from './probing.ts'
import { reach } from './reach.ts'
import { enterPhase } from './record.ts'
import type { Services } from './services.ts'
import { benchAt } from './settings.ts'

/** How many samples of each probe make the baseline. */
const BASELINE = 5

/** How often a way of deploying that sends no webhook is asked, ms. */
const ASK_MS = 1_000

/** How often a host or service that is not well after the restart is looked at before that counts, and the pause between, ms. */
const RESTART_LOOKS = 3
const RESTART_PAUSE_MS = 1_000

type Reason = 'update' | 'rollback'

export type SoakLook = HealthVerdict & { samples: ProbeSample[] }

export function deploying(services: Services) {
  const about = async (order: Order, sha: string, reason: Reason) => {
    const { request, plan } = order
    const bench = await benchAt(services, request, plan.base.commit)
    const { environment } = plan.deploy
    const wanted: DeployRequest = {
      codename: request.codename,
      repo: request.repo,
      sha,
      environment,
      reason,
      again: false,
    }
    return {
      bench,
      wanted,
      deployer: services.deployerOf(bench.config, bench, request.defaultBranch),
      timeout: bench.config.deploy.timeout,
    }
  }
  const probes = async (order: Order) => {
    const { config } = await benchAt(services, order.request, order.plan.base.commit)
    return { config, probes: services.probesOf(config, order.plan.health.probes) }
  }

  return {
    /** MON-2: how the service does before it is touched. */
    async baseline(order: Order): Promise<ProbeSample[]> {
      const { probes: all } = await probes(order)
      const samples: ProbeSample[] = []
      for (let taken = 0; taken < BASELINE; taken++) samples.push(...(await sampleAll(all)))
      return samples
    },

    /** OUT-1, OUT-2: starts bringing a commit into service, once for each reason. */
    async deploy(order: Order, sha: string, reason: Reason): Promise<Staged<Begun>> {
      const { deployer, wanted, timeout } = await about(order, sha, reason)
      let again = false
      const state = await once<DeployState>(services.acts, order.request, {
        name: `deploy ${sha} for ${reason}`,
        what: wanted,
        // Each way of deploying finds by itself what an earlier try left behind, when it is told that there was one.
        look: () => {
          again = true
          return Promise.resolve(null)
        },
        act: () => deployer.begin({ ...wanted, again }),
      })
      if (state.state === 'failed') return { ok: false, findings: [refused(state, reason)] }
      const heardOf = deployer.via === 'deployment' && state.state === 'waiting'
      return { ok: true, value: { id: state.deployment, pollMs: heardOf ? null : ASK_MS, timeout } }
    },

    /** Whether a deployment has come about. A webhook that says so is believed: it is signed. */
    async deployed(
      order: Order,
      sha: string,
      deployment: number | null,
      reason: Reason,
      since: number,
      nudge: Nudge | null,
    ): Promise<Looked<null>> {
      const { deployer, wanted, timeout } = await about(order, sha, reason)
      if (nudge?.about === 'deployment' && nudge.state === 'success') return { verdict: 'pass', value: null }
      const state = await deployer.look(wanted, deployment)
      if (state.state === 'done') return { verdict: 'pass', value: null }
      if (state.state === 'failed') return { verdict: 'fail', findings: [refused(state, reason)] }
      if (Date.now() - since < timeout) return { verdict: 'wait' }
      return { verdict: 'fail', findings: [tooLong(wanted, state.detail, timeout)] }
    },

    /** MON-1: the services that the deployed one needs and the host's own limits, right after the restart. */
    async verifyRestart(order: Order): Promise<Staged<null>> {
      const { config } = await probes(order)
      if (config.deploy.via === 'none') return { ok: true, value: null }
      const facts = async () => {
        const [free, reached] = await Promise.all([
          services.resources(),
          Promise.all(config.preflight.services.map(reach)),
        ])
        const { memory, disk } = config.preflight
        return judgeRestart({
          memory: { free: free.memory, floor: memory },
          disk: { free: free.disk, floor: disk },
          services: reached,
        })
      }
      let verdict = await facts()
      for (let tries = 1; verdict.verdict !== 'pass' && tries < RESTART_LOOKS; tries++) {
        await sleep(RESTART_PAUSE_MS)
        verdict = await facts()
      }
      return verdict.verdict === 'pass' ? { ok: true, value: null } : { ok: false, findings: verdict.findings }
    },

    async probingInterval(order: Order): Promise<number> {
      const { config } = await probes(order)
      return Math.min(...config.health.probes.map(({ interval }) => interval), order.plan.health.soak || 1)
    },

    /** One look of the soak: a sample of every probe, and what all samples so far amount to (MON-2). */
    async soak(order: Order, baseline: ProbeSample[], before: ProbeSample[], since: number): Promise<SoakLook> {
      const { config, probes: all } = await probes(order)
      const samples = await sampleAll(all)
      const { margin, failures, inconclusive } = config.health
      const verdict = judgeHealth({
        baseline,
        samples: [...before, ...samples],
        probes: all.map(({ name }) => name),
        soak: order.plan.health.soak,
        margin,
        failures,
        inconclusive,
        since,
        now: Date.now(),
      })
      return { ...verdict, samples }
    },

    /** The third answer: a person decides, with `/resume` or `/rollback`. */
    async askAboutHealth(order: Order, findings: Finding[]): Promise<void> {
      const { request, plan } = order
      const bench = await benchAt(services, request, plan.base.commit)
      await enterPhase(services.updates, request.codename, 'held', { part: { findings } })
      const { codename, requester } = request
      const body = renderEnding({ codename, requester, kind: 'held', findings }, bench.words)
      await comment(services, bench, request, 'held comment', body)
      await showStatus(services, bench, request)
    },
  }
}

function refused(state: Extract<DeployState, { state: 'failed' }>, reason: Reason): Finding {
  const what = reason === 'update' ? 'The deployment' : 'The deployment of the last good commit'
  const rule = reason === 'update' ? 'deployment-failed' : 'redeploy-failed'
  return { gate: 'deploy', severity: 'error', rule, message: `${what} failed: ${state.detail}`, remedy: state.remedy }
}

function tooLong(wanted: DeployRequest, detail: string, timeout: number): Finding {
  return {
    gate: 'deploy',
    severity: 'error',
    rule: wanted.reason === 'update' ? 'deployment-timed-out' : 'redeploy-failed',
    message: `Nobody reported the deployment of ${wanted.sha.slice(0, 12)} to ${wanted.environment} within ${Math.round(timeout / 1000)} s: ${detail}`,
    remedy: 'See that a workflow or release bot reacts to deployments, or set deploy.via in .github/pawl.yml.',
  }
}
