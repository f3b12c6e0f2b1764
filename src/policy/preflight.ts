import type { ConfigFault } from '../config/yaml.ts'
import type { Finding, ProbeSample, Verdict } from '../model.ts'
import { judgeBaseChecks, type BaseChecks } from './base-checks.ts'
import { judgeSlots } from './queue.ts'
import { fault, pending, verdictOf } from './verdict.ts'

/** Everything that pre-flight judges, gathered at one moment. Times are epoch ms, sizes bytes. */
export type PreflightFacts = {
  now: number
  /** When the pre-flight began; what is pending may stay so until `since + timeout`. */
  since: number
  timeout: number
  /** What the app's own self-check found wrong at its start. */
  boot: string[]
  /** Codenames of the other updates of the repository that are not over. */
  updates: string[]
  /** How many of them came before this one, and the queue's size. */
  ahead: number
  slots: number
  /** What of the repository's day is used up. */
  overdrawn: Finding[]
  /** The newest sample of each probe of the deployed service. */
  probes: ProbeSample[]
  /** `null` when `preflight.checks` is off. */
  checks: BaseChecks | null
  memory: { free: number; floor: number }
  disk: { free: number; floor: number }
  services: { url: string; ok: boolean; detail: string }[]
  github:
    | {
        ok: true
        permissions: Record<string, string>
        needed: Record<string, string>
        /** `reset` is epoch ms; `null` when GitHub did not say. */
        rate: { remaining: number; limit: number; reset: number } | null
        /** Requests that a whole update takes. */
        needs: number
      }
    | { ok: false; detail: string }
  lock: { holder: string; since: string; stale: boolean } | null
  /** Faults of `.github/pawl.yml`; empty when it is valid. */
  config: ConfigFault[]
  /** Agents that the configuration names and this installation cannot run. */
  agents: { name: string; reason: string; remedy: string }[]
  sandbox: { needed: boolean; ok: boolean; reason: string; remedy: string }
  /** Whether anything is known to react to a GitHub Deployment. */
  deployment: { via: string; environment: string; workflow: boolean; botSeen: boolean }
}

/**
 * Judges PRE-1 to PRE-7 and PRE-9. Every failing check is reported, not only the first; `wait` only when nothing fails and
 * something is still on its way. An update that is being executed is no failure: this one waits its turn.
 */
export function judgePreflight(facts: PreflightFacts): Verdict {
  const checks = facts.checks === null ? null : judgeBaseChecks(facts.checks, facts)
  const lock = judgeForeignLock(facts)
  const github = judgeGitHub(facts)
  const findings = [
    ...facts.config.map(configFault),
    ...judgeSlots(facts.ahead, facts.slots).findings,
    ...facts.overdrawn,
    ...lock.findings,
    ...judgeService(facts),
    ...(checks?.findings ?? []),
    ...judgeHost(facts),
    ...github.findings,
    ...judgeTools(facts),
    ...judgeListener(facts),
  ]
  return verdictOf(
    'preflight',
    findings,
    [checks, lock, github].some((each) => each?.verdict === 'wait'),
  )
}

const failing = (rule: Finding['rule'], message: string, remedy: string) => fault('preflight', rule, message, remedy)

function configFault({ line, path, message, remedy }: ConfigFault): Finding {
  const where = path === '' ? '' : `${path}: `
  return { ...failing('config-invalid', `${where}${message}`, remedy), path: '.github/pawl.yml', line }
}

/** A lock whose update this app knows is only the queue at work; anybody else's must go away by itself or by an admin. */
function judgeForeignLock({ lock, updates, now, since, timeout }: PreflightFacts): Verdict {
  if (lock === null || updates.includes(lock.holder)) return verdictOf('preflight', [])
  const message = `The repository is locked by ${lock.holder} since ${lock.since}, which this app does not carry out.`
  if (!lock.stale && now - since < timeout) {
    return verdictOf('preflight', [pending('preflight', 'lock-held', message)], true)
  }
  const remedy = 'An admin makes sure that nothing is being updated and comments /unlock; then comment /retry.'
  return verdictOf('preflight', [failing('lock-held', message, remedy)])
}

function judgeService({ boot, probes, services }: PreflightFacts): Finding[] {
  return [
    ...boot.map((what) =>
      failing('boot-failed', `The app did not start cleanly: ${what}.`, 'The operator runs pawl doctor and mends it.'),
    ),
    ...probes
      .filter((sample) => !sample.ok)
      .map(({ probe, detail }) => {
        const message = `The deployed service is not healthy: the probe ${probe} says ${detail}.`
        return failing('probe-failing', message, 'Bring the service back to health first, then comment /retry.')
      }),
    ...services
      .filter((service) => !service.ok)
      .map(({ url, detail }) => {
        const message = `The service ${url} did not answer as expected: ${detail}.`
        return failing(
          'service-down',
          message,
          'Wait until it answers, or correct preflight.services; then comment /retry.',
        )
      }),
  ]
}

function judgeHost({ memory, disk }: PreflightFacts): Finding[] {
  const findings: Finding[] = []
  const low = (what: { free: number; floor: number }) => !(what.free >= what.floor)
  if (low(memory)) {
    const message = `The app's host has ${megabytes(memory.free)} of memory free; the floor is ${megabytes(memory.floor)}.`
    findings.push(failing('memory-low', message, 'Free memory on the host, or lower preflight.memory.'))
  }
  if (low(disk)) {
    const message = `The app's host has ${megabytes(disk.free)} of disk free; the floor is ${megabytes(disk.floor)}.`
    findings.push(failing('disk-low', message, 'Free disk space on the host, or lower preflight.disk.'))
  }
  return findings
}

const LEVELS = ['read', 'write', 'admin']

/** An outage of GitHub is waited out: nobody could be told of it now anyway. */
function judgeGitHub({ github, now, since, timeout }: PreflightFacts): Verdict {
  if (!github.ok) {
    const message = `GitHub did not answer: ${github.detail}.`
    if (now - since < timeout) {
      return verdictOf('preflight', [pending('preflight', 'github-unreachable', message)], true)
    }
    const remedy = 'See githubstatus.com; comment /retry when it answers.'
    return verdictOf('preflight', [failing('github-unreachable', message, remedy)])
  }
  const findings = Object.entries(github.needed)
    .filter(([name, level]) => LEVELS.indexOf(github.permissions[name] ?? '') < Math.max(0, LEVELS.indexOf(level)))
    .map(([name, level]) => {
      const has = github.permissions[name] ?? 'none'
      const message = `The app's installation has the permission ${name}: ${has}; a later step needs ${level}.`
      return failing(
        'permission-missing',
        message,
        `An owner grants ${name}: ${level} in the app's settings and accepts it.`,
      )
    })
  if (github.rate !== null && github.rate.remaining < github.needs) {
    const { remaining, limit, reset } = github.rate
    const minutes = Math.max(1, Math.ceil((reset - now) / 60_000))
    const message = `${remaining} of ${limit} requests are left this hour; a whole update takes ${github.needs}.`
    findings.push(failing('rate-limit-low', message, `Comment /retry in ${minutes} min, when GitHub counts anew.`))
  }
  return verdictOf('preflight', findings)
}

function judgeTools({ agents, sandbox }: PreflightFacts): Finding[] {
  const findings = agents.map(({ name, reason, remedy }) =>
    failing('agent-missing', `The agent ${name} cannot be used: ${reason}.`, remedy),
  )
  if (sandbox.needed && !sandbox.ok) {
    const message = `The sandbox does not work on the app's host: ${sandbox.reason}.`
    findings.push(failing('sandbox-missing', message, sandbox.remedy))
  }
  return findings
}

/** A deployment that nobody hears ends in a time-out after everything else went well: worth a word beforehand. */
function judgeListener({ deployment }: PreflightFacts): Finding[] {
  if (deployment.via !== 'deployment' || deployment.workflow || deployment.botSeen) return []
  const message = `Nothing is known to react to deployments to ${deployment.environment}: no workflow runs on deployment, and no release bot has reported one.`
  const remedy = 'Add a workflow with on: deployment, install a release bot, or set deploy.via in .github/pawl.yml.'
  return [{ gate: 'preflight', severity: 'warning', rule: 'deployment-unheard', message, remedy }]
}

const megabytes = (bytes: number) => `${Math.floor(bytes / (1024 * 1024))} MB`
