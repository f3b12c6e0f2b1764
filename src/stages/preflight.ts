import { createAgents, missingReviewer, refuseToApply } from '../agents/choose.ts'
import type { Config } from '../config.ts'
import { checkRunsOn } from '../github/checks.ts'
import { statusOf } from '../github/answers.ts'
import { protectionOf } from '../github/protection.ts'
import type { CheckRun, ExpectedChecks, Finding, ProbeSample, TreePoint, UpdateRequest } from '../model.ts'
import { checksAfterPush, listensToDeployments } from '../planning/checks.ts'
import { judgePreflight, type PreflightFacts } from '../policy/preflight.ts'
import { showStatus } from './correspondence.ts'
import { workflowsOf } from './draft.ts'
import { lockKnown } from './lock.ts'
import type { Ground, Looked } from './order.ts'
import { sampleAll } from './probing.ts'
import { mayNotBegin } from './quota.ts'
import { reach } from './reach.ts'
import { keep, recordNamed, recordOf } from './record.ts'
import { deskOf, type Desk, type Services } from './services.ts'
import { settingsAtHead, type Bench, type RepositorySettings } from './settings.ts'

/** How many requests a whole update may take; so many must be left of the hourly limit. */
const REQUESTS_OF_AN_UPDATE = 60

/** The apps whose runs count. Pawl itself is not one of them: its own verdict is never its own gate (GATE-4). */
export const TRUSTED_APPS = ['github-actions']

/** What the later stages need of the installation, by GitHub's names of permissions. */
const NEEDED = { contents: 'write', issues: 'write', pull_requests: 'write', checks: 'write' }

/** What GitHub said in pre-flight, or that it said nothing. */
type Answers =
  | { ok: true; ground: Omit<Ground, 'warnings'>; runs: CheckRun[]; permissions: Record<string, string> }
  | { ok: false; detail: string }

/** PRE-1 to PRE-7 and PRE-9: gathers everything at one moment, so that every failing check is reported together. */
export async function preflight(services: Services, request: UpdateRequest, since: number): Promise<Looked<Ground>> {
  const desk = deskOf(services, request)
  const settings = await settingsAtHead(desk, request.defaultBranch)
  const base = await desk.git.branch(request.defaultBranch)
  if (!base) throw new Error(`${request.repo} has no branch ${request.defaultBranch}.`)
  const answers = await askGitHub(desk, request, settings.config, base)
  const workflows = await workflowsOf(desk.git, base.commit, await desk.git.paths(base.commit))
  const facts = await gather(services, desk, request, { settings, base, answers, workflows, since })
  const verdict = judgePreflight(facts)
  if (verdict.verdict === 'wait') {
    if (answers.ok) await showWaiting(services, { ...desk, words: settings.words }, request, verdict.findings)
    return { verdict: 'wait' }
  }
  if (verdict.verdict === 'fail' || !answers.ok) return { verdict: 'fail', findings: verdict.findings }
  const warnings = verdict.findings.filter(({ severity }) => severity === 'warning')
  return { verdict: 'pass', value: { ...answers.ground, warnings } }
}

/** What it waits for stands in the status comment, which is edited only when that is another thing than before. */
async function showWaiting(
  services: Services,
  bench: Pick<Bench, 'at' | 'words'>,
  request: UpdateRequest,
  findings: Finding[],
): Promise<void> {
  const before = await recordNamed(services.updates, request.codename)
  if (JSON.stringify(before.findings) === JSON.stringify(findings)) return
  await keep(services.updates, request.codename, { findings })
  await showStatus(services, bench, request)
}

type Gathered = {
  settings: RepositorySettings
  base: TreePoint
  answers: Answers
  workflows: { path: string; text: string }[]
  since: number
}

async function gather(
  services: Services,
  desk: Desk,
  request: UpdateRequest,
  known: Gathered,
): Promise<PreflightFacts> {
  const { settings, base, answers, workflows, since } = known
  const { config } = settings
  const now = Date.now()
  const [active, free, lock, probes, reached, sandbox] = await Promise.all([
    services.updates.active(request.repo),
    services.resources(),
    lockKnown(desk, now),
    sampleAll(services.probesOf(config, [])),
    Promise.all(config.preflight.services.map(reach)),
    services.sandbox.check(),
  ])
  const { missing } = createAgents(config.agents, refuseToApply, services.operator)
  const { timeout, appears } = config.validation.round1
  const expected = checksExpected(config, answers, workflows, request.defaultBranch)
  return {
    now,
    since,
    timeout,
    boot: services.bootFaults,
    updates: active.map(({ codename }) => codename).filter((codename) => codename !== request.codename),
    // In the order in which they came: of two that come at once only the second can be one too many.
    ahead: Math.max(
      0,
      active.findIndex(({ codename }) => codename === request.codename),
    ),
    slots: config.queue.slots,
    overdrawn: await mayNotBegin(services, request),
    probes: await deployedProbes(services, desk, config, request.defaultBranch, probes),
    checks:
      config.preflight.checks && answers.ok
        ? { head: base.commit, expected, runs: answers.runs, trusted: TRUSTED_APPS, appears }
        : null,
    memory: { free: free.memory, floor: config.preflight.memory },
    disk: { free: free.disk, floor: config.preflight.disk },
    services: reached,
    github: answers.ok
      ? {
          ok: true,
          permissions: answers.permissions,
          needed: { ...NEEDED, ...(config.deploy.via === 'deployment' ? { deployments: 'write' } : {}) },
          rate: rateOf(desk),
          needs: REQUESTS_OF_AN_UPDATE,
        }
      : answers,
    lock: lock && {
      holder: lock.codename,
      since: lock.since,
      stale: lock.stale || (await isOver(services, lock.codename)),
    },
    config: settings.faults,
    agents: [...missing, ...missingReviewer(config.validation.review, services.operator.servers)],
    sandbox: {
      needed: needsSandbox(config),
      ...(sandbox.ok ? { ok: true, reason: '', remedy: '' } : sandbox),
    },
    deployment: {
      via: config.deploy.via,
      environment: config.deploy.environment,
      workflow: listensToDeployments(workflows),
      botSeen: (await services.updates.finished(request.repo, 1)).some((update) => recordOf(update).finished !== null),
    },
  }
}

/** A network that does not answer is a finding; anything GitHub refuses is thrown and tried again. */
async function askGitHub(desk: Desk, request: UpdateRequest, config: Config, base: TreePoint): Promise<Answers> {
  try {
    const permissions = await desk.at.permissions()
    const { requiredChecks, requiredReviews, pullRequestOnly } = await protectionOf(desk.at, request.defaultBranch)
    const runs = config.preflight.checks ? await checkRunsOn(desk.at, base.commit) : []
    const checkDurations = runs.flatMap(({ name, startedAt, completedAt }) =>
      startedAt && completedAt ? [{ name, ms: Date.parse(completedAt) - Date.parse(startedAt) }] : [],
    )
    return { ok: true, permissions, runs, ground: { requiredChecks, requiredReviews, pullRequestOnly, checkDurations } }
  } catch (error) {
    const status = statusOf(error)
    if (status !== null && status < 500) throw error
    return { ok: false, detail: error instanceof Error ? error.message : String(error) }
  }
}

function checksExpected(
  config: Config,
  answers: Answers,
  workflows: Gathered['workflows'],
  branch: string,
): ExpectedChecks {
  const required = answers.ok ? answers.ground.requiredChecks : []
  return checksAfterPush(config.validation.round2.checks, required, workflows, branch)
}

function needsSandbox(config: Config): boolean {
  const agents = config.agents.some((agent) => {
    return agent.use === 'recipe' || agent.use === 'command' || (agent.use === 'model' && agent.commands.length > 0)
  })
  return agents || config.deploy.via === 'process' || config.health.probes.some(({ kind }) => kind === 'command')
}

/** Before the first deployment there is no service that could be unhealthy. */
async function deployedProbes(
  services: Services,
  desk: Desk,
  config: Config,
  branch: string,
  samples: ProbeSample[],
): Promise<ProbeSample[]> {
  if (config.deploy.via === 'none' || samples.every(({ ok }) => ok)) return samples
  const serving = await services.deployerOf(config, desk, branch).serving(config.deploy.environment)
  return serving === null ? [] : samples
}

async function isOver(services: Services, codename: string): Promise<boolean> {
  const update = await services.updates.byCodename(codename)
  return update !== null && update.outcome !== null
}

function rateOf(desk: Desk): { remaining: number; limit: number; reset: number } | null {
  const rate = desk.at.rateLimit()
  return rate && { ...rate, reset: rate.reset * 1000 }
}
