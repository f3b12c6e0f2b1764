import { refuse } from './answers.ts'
import type { Answer, World } from './contract.ts'
import { readCommits } from './git/commits.ts'
import type { Commit } from './git/contract.ts'
import { resolveCommit } from './git/refs.ts'
import type { RepositoryRecord } from './records.ts'

export type Revision = { ok: true; commit: Commit } | { ok: false; answer: Answer }

/** The commit that a `ref` parameter names: a sha, a branch, a tag, or a longer name. */
export async function findRevision(world: World, repository: RepositoryRecord, revision: string): Promise<Revision> {
  const directory = world.gitDir(repository)
  const sha = await resolveCommit(directory, revision)
  const [commit] = sha === null ? [] : await readCommits(directory, [sha])
  if (commit !== undefined) return { ok: true, commit }
  return { ok: false, answer: refuse(422, `No commit found for SHA: ${revision}`) }
}
