import type { AgentSetting } from '../config.ts'
import type { Agent } from './agent.ts'
import type { Apply } from './patch.ts'

/** A configured agent that cannot work here, for pre-flight to report. */
export type MissingAgent = { name: string; reason: string; remedy: string }

/** The agents of a configuration in its order, and those that this version does not have. */
export function createAgents(
  _settings: AgentSetting[],
  _apply: Apply,
): { agents: Agent[]; missing: MissingAgent[] } {
  throw new Error('not written yet')
}
