import type { AgentSetting } from '../config.ts'
import type { Agent } from './agent.ts'

type HumanSetting = Extract<AgentSetting, { use: 'human' }>

/** A person: the host opens a branch for them, and waits until somebody who may has pushed the change to it. */
export function humanAgent({ timeout }: HumanSetting): Agent {
  return {
    name: 'human',
    exact: false,
    needsPaths: true,
    accepts: ({ source }) => source.kind === 'words',
    change: async () => ({ state: 'waiting', for: 'push', withinMs: timeout }),
  }
}
