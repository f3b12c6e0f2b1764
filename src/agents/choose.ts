import type { AgentSetting } from '../config.ts'
import type { ReviewSetting } from '../config/models.ts'
import type { AgentEnvironment } from '../config/agent-environment.ts'
import { isInstalled } from '../sandbox/programs.ts'
import type { Agent } from './agent.ts'
import { commandAgent, keysFor } from './command.ts'
import { humanAgent } from './human.ts'
import { modelAgent } from './model.ts'
import { chooseModel } from './model/provider.ts'
import { patchAgent, type Apply } from './patch.ts'
import { recipeAgent } from './recipe.ts'

/** A configured agent that cannot work here, for pre-flight to report. */
export type MissingAgent = { name: string; reason: string; remedy: string }

type Missing = Omit<MissingAgent, 'name'>

/** For agents that are only asked what they accept: no workspace exists yet. */
export const refuseToApply: Apply = () => Promise.reject(new Error('There is no workspace to apply a diff in.'))

/** The agents of a configuration in its order, and those that cannot work here, with what stands in the way. */
export function createAgents(
  settings: AgentSetting[],
  apply: Apply,
  operator: AgentEnvironment,
): { agents: Agent[]; missing: MissingAgent[] } {
  const agents: Agent[] = []
  const missing: MissingAgent[] = []
  for (const setting of settings) {
    const made = create(setting, apply, operator)
    if ('change' in made) agents.push(made)
    else missing.push({ name: 'name' in setting ? setting.name : setting.use, ...made })
  }
  return { agents, missing }
}

/** The model that reviews is no agent, and is looked for like one. */
export function missingReviewer(review: ReviewSetting | null, servers: AgentEnvironment['servers']): MissingAgent[] {
  const chosen = review && chooseModel(review.model, servers)
  return chosen === null || chosen.ok ? [] : [{ name: 'review', reason: chosen.reason, remedy: chosen.remedy }]
}

function create(setting: AgentSetting, apply: Apply, operator: AgentEnvironment): Agent | Missing {
  switch (setting.use) {
    case 'patch':
      return patchAgent(apply)
    case 'recipe':
      return recipeAgent(setting)
    case 'model': {
      const chosen = chooseModel(setting.model, operator.servers)
      return chosen.ok ? modelAgent(setting, chosen) : chosen
    }
    case 'command': {
      if (!isInstalled(setting.run)) return notInstalled(setting.run)
      const lent = keysFor(setting, operator.keys)
      return lent.ok ? commandAgent(setting, lent.keys) : lent
    }
    case 'human':
      return humanAgent(setting)
  }
}

function notInstalled(run: string[]): Missing {
  return {
    reason: `${run[0]} is not installed where the sandbox shows it`,
    remedy: 'Have the operator of the app install it for all accounts, below /usr or /usr/local.',
  }
}
