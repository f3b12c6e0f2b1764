import type { AgentSetting } from '../config.ts'
import type { Agent } from './agent.ts'
import { patchAgent, type Apply } from './patch.ts'
import { recipeAgent } from './recipe.ts'

/** A configured agent that cannot work here, for pre-flight to report. */
export type MissingAgent = { name: string; reason: string; remedy: string }

/** The agents of a configuration in its order, and those that this version does not have. */
export function createAgents(settings: AgentSetting[], apply: Apply): { agents: Agent[]; missing: MissingAgent[] } {
  const agents: Agent[] = []
  const missing: MissingAgent[] = []
  for (const setting of settings) {
    if (setting.use === 'patch') agents.push(patchAgent(apply))
    else if (setting.use !== 'recipe') missing.push(unavailable(setting))
    else if (setting.network.length > 0) missing.push(cutOff(setting.name, setting.network))
    else agents.push(recipeAgent(setting))
  }
  return { agents, missing }
}

function unavailable(setting: Extract<AgentSetting, { use: 'model' | 'command' | 'human' }>): MissingAgent {
  const name = setting.use === 'human' ? 'human' : setting.name
  return {
    name,
    reason: `${setting.use} is not available in this version`,
    remedy: 'Take it out of agents in .github/pawl.yml; patch and recipe are available.',
  }
}

function cutOff(name: string, network: string[]): MissingAgent {
  return {
    name,
    reason: `it asks for the network (${network.join(', ')}), and the sandbox of this version opens none`,
    remedy: 'Take network out of the recipe in .github/pawl.yml, and have its command work without it.',
  }
}
