import { commitsBetween, mergeBase } from '../git/compare.ts'
import type { ChangedFile, Commit, Sha } from '../git/contract.ts'
import { diffFiles } from '../git/diff.ts'

/** What a pull request brings. `since` is where its branch began: what base has changed after that is not part of it. */
export interface PullChanges {
  since: Sha
  commits: Commit[]
  files: ChangedFile[]
}

const KEPT = 20
const known = new Map<string, Promise<PullChanges>>()

/** Between two commits nothing ever changes, and a page that follows asks again and again. */
export function pullChanges(directory: string, base: Sha, head: Sha): Promise<PullChanges> {
  const key = `${directory} ${base} ${head}`
  const found = known.get(key)
  if (found !== undefined) return found
  const made = measure(directory, base, head)
  known.set(key, made)
  made.catch(() => known.delete(key))
  const [oldest] = known.keys()
  if (known.size > KEPT && oldest !== undefined) known.delete(oldest)
  return made
}

async function measure(directory: string, base: Sha, head: Sha): Promise<PullChanges> {
  const since = (await mergeBase(directory, base, head)) ?? base
  const [commits, files] = await Promise.all([commitsBetween(directory, base, head), diffFiles(directory, since, head)])
  return { since, commits, files }
}
