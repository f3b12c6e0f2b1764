import type { Git } from './repository.ts'

/** Git below `root`, a directory that belongs to this process alone: a mirror and workspaces for every repository. */
export function openGit(_root: string): Git {
  throw new Error('not written yet')
}
