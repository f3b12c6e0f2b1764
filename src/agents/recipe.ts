import type { AgentSetting } from '../config.ts'
import type { Agent } from './agent.ts'

export type RecipeSetting = Extract<AgentSetting, { use: 'recipe' }>

/** Runs a command of the repository's configuration in the sandbox. The same tree gives the same change. */
export function recipeAgent(_setting: RecipeSetting): Agent {
  throw new Error('not written yet')
}
