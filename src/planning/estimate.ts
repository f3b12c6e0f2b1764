import type { AgentSetting } from '../config.ts'
import type { Estimate, ExpectedChecks, Phase } from '../model.ts'
import type { FinishedUpdate, PlanFacts, TaskDraft } from './facts.ts'
import { quantile } from './spans.ts'

type EstimateFacts = Pick<PlanFacts, 'history' | 'checkDurations' | 'config'>

const second = 1_000
const minute = 60 * second

/** Below so many samples the slowest is no good P90: it is widened by half. */
const enough = 5

/** From so many finished updates of the same size on only those are looked at. */
const sameSize = 3

/** How long a task takes: from finished tasks of its kind and agent, else of its kind, else a stated default. */
export function taskEstimate(draft: Pick<TaskDraft, 'source' | 'agent'>, { history, config }: EstimateFacts): Estimate {
  const { kind } = draft.source
  const ofKind = history.flatMap(({ tasks }) => tasks.filter((task) => task.kind === kind))
  const ofAgent = ofKind.filter((task) => task.agent === draft.agent)
  const samples = (ofAgent.length > 0 ? ofAgent : ofKind).map(({ ms }) => ms)
  if (samples.length > 0) return spread(samples, `${counted(samples.length, 'finished task')} of this kind`)
  return taskDefault(kind, settingOf(config.agents, draft.agent))
}

/** The agent's own settings; `patch` and `human` have no other name than what they use. */
export function settingOf(agents: AgentSetting[], name: string): AgentSetting | undefined {
  return agents.find((agent) => ('name' in agent ? agent.name : agent.use) === name)
}

function taskDefault(kind: TaskDraft['source']['kind'], setting: AgentSetting | undefined): Estimate {
  const within = (p50: number, most: number) => ({
    p50: Math.min(p50, most),
    p90: most,
    basis: 'default: the agent’s time limit',
  })
  if (setting?.use === 'model') return within(5 * minute, setting.budget.time)
  if (setting?.use === 'human') return within(240 * minute, setting.timeout)
  if (setting?.use === 'recipe') return within(30 * second, setting.timeout)
  if (setting?.use === 'command') return within(5 * minute, setting.timeout)
  return kind === 'words'
    ? { p50: 5 * minute, p90: 20 * minute, basis: 'default for tasks in words' }
    : { p50: 2 * second, p90: 10 * second, basis: 'default for ready changes' }
}

/**
 * How long carrying out takes, from the snapshot to the end of the soak; waiting for people and for the turn is not in it. Spreads are
 * added as those of independent durations.
 */
export function updateEstimate(
  plan: {
    size: FinishedUpdate['size']
    tasks: { estimate: Estimate }[]
    checks: { round1: ExpectedChecks; round2: ExpectedChecks }
    soak: number
  },
  facts: EstimateFacts,
): Estimate {
  const { config } = facts
  const alike = facts.history.filter(({ size }) => size === plan.size)
  const history = alike.length >= sameSize ? alike : facts.history
  const phase = (name: Phase, otherwise: Estimate) => {
    const samples = history.flatMap(({ phases }) => phases.filter((one) => one.name === name).map(({ ms }) => ms))
    return samples.length > 0 ? spread(samples, '') : otherwise
  }
  const { round1, round2 } = config.validation
  const parts: Estimate[] = [
    ...plan.tasks.map(({ estimate }) => estimate),
    phase('snapshot', fixed(5 * second, 30 * second)),
    phase('round 1', roundEstimate(plan.checks.round1, round1.timeout, facts)),
    phase('merging', fixed(5 * second, 30 * second)),
    phase('round 2', roundEstimate(plan.checks.round2, round2.timeout, facts)),
    config.deploy.via === 'none'
      ? fixed(0, 0)
      : phase('deploying', fixed(2 * minute, Math.min(10 * minute, config.deploy.timeout))),
    fixed(plan.soak, plan.soak),
  ]
  const p50 = parts.reduce((sum, part) => sum + part.p50, 0)
  const above = Math.sqrt(parts.reduce((sum, part) => sum + Math.max(0, part.p90 - part.p50) ** 2, 0))
  return {
    p50: Math.round(p50),
    p90: Math.round(p50 + above),
    basis: basisOf(history.length, alike.length, plan.size, facts),
  }
}

function basisOf(used: number, alike: number, size: string, { checkDurations }: EstimateFacts): string {
  if (used > 0) return counted(used, alike >= sameSize ? `finished ${size} update` : 'finished update')
  if (checkDurations.length > 0)
    return `${counted(checkDurations.length, 'check')} on the default branch, and defaults for the rest`
  return 'defaults: nothing was finished here yet'
}

/** Checks run beside each other: a round takes as long as its slowest. */
function roundEstimate(expected: ExpectedChecks, timeout: number, { checkDurations }: EstimateFacts): Estimate {
  if (expected.mode === 'none') return fixed(0, 0)
  const counts = expected.mode === 'all' ? () => true : (name: string) => expected.names.includes(name)
  const byName = Map.groupBy(
    checkDurations.filter(({ name }) => counts(name)),
    ({ name }) => name,
  )
  const spreads = [...byName.values()].map((runs) =>
    spread(
      runs.map(({ ms }) => ms),
      '',
    ),
  )
  if (spreads.length === 0) return fixed(Math.min(5 * minute, timeout), Math.min(20 * minute, timeout))
  return fixed(Math.max(...spreads.map(({ p50 }) => p50)), Math.max(...spreads.map(({ p90 }) => p90)))
}

function fixed(p50: number, p90: number): Estimate {
  return { p50, p90, basis: '' }
}

function spread(samples: number[], basis: string): Estimate {
  const p90 = quantile(samples, 0.9) * (samples.length < enough ? 1.5 : 1)
  return { p50: Math.round(quantile(samples, 0.5)), p90: Math.round(p90), basis }
}

function counted(many: number, what: string): string {
  return `${many} ${what}${many === 1 ? '' : 's'}`
}
