import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openGit } from '../../src/git/open.ts'
import type { RepositoryGit } from '../../src/git/repository.ts'
import { createOrigin, type Origin } from './git-origin.ts'

/** A remote and the app's view of it, in directories of their own; `again` is the view of a process started later. */
export type Mirrored = {
  origin: Origin
  root: string
  git: RepositoryGit
  again: () => RepositoryGit
  remove: () => void
}

export function createMirrored(): Mirrored {
  const origin = createOrigin()
  const root = mkdtempSync(join(tmpdir(), 'pawl-git-'))
  const open = () => openGit(root).repository('acme/shop', { url: origin.url, token: async () => 'unused' })
  return {
    origin,
    root,
    git: open(),
    again: open,
    remove() {
      origin.remove()
      rmSync(root, { recursive: true, force: true })
    },
  }
}
