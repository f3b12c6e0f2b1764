import type { Plan, Task } from '../model.ts'
import { settingOf } from './estimate.ts'
import type { PlanningConfig } from './facts.ts'
import type { Revisions } from './revision.ts'

type Resources = Pick<Plan['resources'], 'agents' | 'prerequisites' | 'constraints'>

/** Who does what, what must be there, and within which bounds (PLAN-8). */
export function resourcesOf(
  tasks: Task[],
  config: PlanningConfig,
  revisions: Revisions,
  requiredChecks: string[],
): Resources {
  const byAgent = Map.groupBy(tasks, ({ agent }) => agent)
  const agents = [...byAgent].map(([name, theirs]) => ({ name, tasks: theirs.map(({ id }) => id) }))
  return {
    agents,
    prerequisites: prerequisites(agents, config),
    constraints: constraints(config, revisions, requiredChecks),
  }
}

function prerequisites(agents: Resources['agents'], config: PlanningConfig): string[] {
  const found = new Set<string>()
  for (const { name, tasks } of agents) {
    const setting = settingOf(config.agents, name)
    const task = `task ${tasks.join(', ')}`
    if (setting?.use === 'recipe' || setting?.use === 'command')
      found.add(`a working sandbox for \`${name}\` (${task})`)
    if (setting?.use === 'model') found.add(`access to the model ${setting.model} (${task})`)
    if (setting?.use === 'human') found.add(`somebody who pushes the change of ${task}`)
  }
  const { via, environment } = config.deploy
  if (via === 'deployment') found.add(`something that answers GitHub deployments to ${environment}`)
  if (via === 'workflow') found.add('the deploying workflow on the default branch')
  return [...found]
}

function constraints(config: PlanningConfig, revisions: Revisions, requiredChecks: string[]): string[] {
  const megabytes = Math.round((config.limits.file / 1024 / 1024) * 10) / 10
  return [
    'one update at a time in this repository',
    `no file above ${megabytes} MB`,
    config.deviation === 'stop'
      ? 'a change that deviates from the plan stops the update'
      : 'a change that deviates from the plan is asked about',
    `merged by ${config.merge.method}, pinned to the checked head`,
    ...(requiredChecks.length === 0 ? [] : [`required by branch protection: ${requiredChecks.join(', ')}`]),
    ...revisions.exclude.map((glob) => `nothing changes under ${glob}`),
  ]
}
