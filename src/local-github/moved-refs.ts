import type { PullRecord } from './code-records.ts'
import type { World } from './contract.ts'
import { readCommits } from './git/commits.ts'
import { measureChange } from './git/compare.ts'
import type { Commit, RefChange } from './git/contract.ts'
import { mergedPulls } from './git/pull-refs.ts'
import { pushedCommits, type PushedCommit } from './git/pushed.ts'
import { isAncestor, readRef, writeRefs } from './git/refs.ts'
import { openPulls } from './pulls.ts'
import type { RepositoryRecord } from './records.ts'
import type { Merging } from './ref-moves.ts'

/** GitHub names no more commits in a push. */
const LIMIT = 2048

/** A ref that has moved, with what git knows about it. */
export interface Move extends RefChange {
  forced: boolean
  commits: PushedCommit[]
  /** The commit that the ref now stands for; null when it was deleted or is no commit. */
  head: Commit | null
  /** Of a branch: numbers of the open pull requests into it whose head it now holds. */
  merged: number[]
  /** Of a branch: the sizes of the open pull requests from it. */
  sizes: Map<number, PullRecord['size']>
}

/** Asks git for all that the events of moved refs tell, and moves the heads of pull requests along. `merging` is known. */
export function gatherMoves(
  world: World,
  repository: RepositoryRecord,
  changes: RefChange[],
  merging: Merging | null,
): Promise<Move[]> {
  const directory = world.gitDir(repository)
  return Promise.all(
    changes.map(async (change) => {
      const { name, before, after } = change
      if (after === null) return { ...change, forced: false, commits: [], head: null, merged: [], sizes: new Map() }
      const isBranch = name.startsWith('refs/heads/')
      const [commits, head, merged, sizes] = await Promise.all([
        isBranch ? pushedCommits(directory, name, before, after, LIMIT) : [],
        readHead(directory, name, after),
        isBranch ? mergedInto(world, repository, name, after, merging) : [],
        isBranch ? sizesFrom(world, repository, name, after) : new Map<number, PullRecord['size']>(),
      ])
      // Whatever leads on from a commit has a child of it among what is new.
      const leadsOn = commits.some(({ parents }) => before !== null && parents.includes(before))
      const forced = before !== null && !leadsOn && (!isBranch || !(await isAncestor(directory, before, after)))
      return { ...change, forced, commits, head, merged, sizes }
    }),
  )
}

async function readHead(directory: string, name: string, sha: string): Promise<Commit | null> {
  const [commit] = await readCommits(directory, [sha])
  if (commit !== undefined || name.startsWith('refs/heads/')) return commit ?? null
  const tag = await readRef(directory, name)
  if (tag === null) return null
  return (await readCommits(directory, [tag.peeled]))[0] ?? null
}

async function mergedInto(
  world: World,
  repository: RepositoryRecord,
  name: string,
  sha: string,
  merging: Merging | null,
): Promise<number[]> {
  const others = openPulls(world, repository).filter(({ pull }) => pull.id !== merging?.pullId)
  const into = others.filter(({ pull }) => `refs/heads/${pull.baseRef}` === name)
  if (into.length === 0) return []
  const numbers = await mergedPulls(world.gitDir(repository), sha)
  return into.map(({ issue }) => issue.number).filter((number) => numbers.includes(number))
}

async function sizesFrom(
  world: World,
  repository: RepositoryRecord,
  name: string,
  sha: string,
): Promise<Map<number, PullRecord['size']>> {
  const directory = world.gitDir(repository)
  const from = openPulls(world, repository).filter(({ pull }) => `refs/heads/${pull.headRef}` === name)
  const sizes = from.map(async ({ issue, pull }) => {
    const ref = { name: `refs/pull/${issue.number}/head`, before: pull.headSha, after: sha }
    const [size] = await Promise.all([measureChange(directory, pull.baseSha, sha), writeRefs(directory, ref)])
    return [pull.id, size] as const
  })
  return new Map(await Promise.all(sizes))
}
