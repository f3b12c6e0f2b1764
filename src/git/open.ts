import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { GitFailure } from './failure.ts'
import { openRepository } from './mirrored.ts'
import type { Git, Remote, RepositoryGit } from './repository.ts'

type Opened = { remote: Remote; git: RepositoryGit }

/**
 * Git below `root`, a directory that belongs to this process alone: a mirror and workspaces for every repository. The same
 * name gives the same mirror, with the newest remote that was named for it.
 */
export function openGit(root: string): Git {
  const opened = new Map<string, Opened>()
  return {
    repository(name, remote) {
      if (!/^[A-Za-z0-9][A-Za-z0-9-]*\/(?!\.{1,2}$)[\w.-]+$/.test(name)) {
        throw new GitFailure(`${JSON.stringify(name)} is not the name of a repository`)
      }
      const key = name.toLowerCase()
      const known = opened.get(key)
      if (known) {
        known.remote = remote
        return known.git
      }
      const folder = join(root, key)
      mkdirSync(folder, { recursive: true })
      const entry: Opened = {
        remote,
        git: openRepository({ path: join(folder, 'mirror.git'), name }, () => entry.remote),
      }
      opened.set(key, entry)
      return entry.git
    },
  }
}
