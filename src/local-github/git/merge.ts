import { createCommit, lines, readCommits } from './commits.ts'
import type {
  BareRepository,
  Commit,
  Merged,
  MergeCommits,
  MergeIdentity,
  RebaseCommits,
  Sha,
  SquashCommits,
} from './contract.ts'
import { GitError, git, gitFailure, tryGit } from './process.ts'

/** A merge commit with the parents base and head; no ref is written. */
export const mergeCommits: MergeCommits = async (repository, base, head, identity) => {
  const merged = await mergeTrees(repository, base, head)
  return merged.ok ? withCommit(repository, merged.tree, [base, head], identity) : merged
}

/** One commit on base that holds all of head; no ref is written. */
export const squashCommits: SquashCommits = async (repository, base, head, identity) => {
  const merged = await mergeTrees(repository, base, head)
  return merged.ok ? withCommit(repository, merged.tree, [base], identity) : merged
}

/**
 * Each commit of head that base lacks, made again on base with its author and message; merges are left out, and so is a
 * commit that changes nothing any more. No ref is written.
 */
export const rebaseCommits: RebaseCommits = async (repository, base, head, committer) => {
  const range = ['--reverse', '--topo-order', '--no-merges', '--end-of-options', `${base}..${head}`]
  const originals = await readCommits(repository, lines(await git(repository, ['rev-list', ...range])))
  const [start] = await readCommits(repository, [base])
  if (start === undefined) throw new GitError(`there is no commit ${base} to rebase on`)
  let tip: Tip = { sha: base, tree: start.tree }
  const commits: Sha[] = []
  for (const original of originals) {
    const picked = await pick(repository, original, tip)
    if (!picked.ok) return picked
    if (picked.tree === tip.tree) continue
    const { author, message } = original
    const made = await withCommit(repository, picked.tree, [tip.sha], { author, committer, message })
    if (!made.ok) return made
    tip = made
    commits.push(made.sha)
  }
  return { ok: true, ...tip, commits }
}

interface Tip {
  sha: Sha
  tree: Sha
}

/**
 * The tree of one commit's change on another tree. git 2.39's merge-tree finds the merge base by itself: a commit that
 * holds the tip's tree but has the original's parent makes it choose that parent.
 */
async function pick(repository: BareRepository, original: Commit, tip: Tip): Promise<Merged<{ tree: Sha }>> {
  const { author, committer } = original
  const stand = { author, committer, message: '', tree: tip.tree, parents: original.parents }
  const ours = await createCommit(repository, stand)
  if (ours === null) throw new GitError(`a parent of ${original.sha} is missing, so it cannot be rebased`)
  return mergeTrees(repository, ours, original.sha, original.parents.length === 0)
}

async function mergeTrees(
  repository: BareRepository,
  ours: Sha,
  theirs: Sha,
  unrelated = false,
): Promise<Merged<{ tree: Sha }>> {
  const flags = [
    '--write-tree',
    '--name-only',
    '--no-messages',
    '-z',
    ...(unrelated ? ['--allow-unrelated-histories'] : []),
  ]
  const output = await tryGit(repository, ['merge-tree', ...flags, ours, theirs])
  const [tree = '', ...paths] = output.stdout.toString().split('\0').filter(Boolean)
  if (output.code === 0) return { ok: true, tree }
  if (output.code === 1) return { ok: false, reason: 'conflict', paths: [...new Set(paths)] }
  if (/unrelated histories/.test(output.stderr)) return { ok: false, reason: 'conflict', paths: [] }
  throw gitFailure(['merge-tree'], output)
}

async function withCommit(
  repository: BareRepository,
  tree: Sha,
  parents: Sha[],
  identity: MergeIdentity,
): Promise<Merged<{ sha: Sha; tree: Sha }>> {
  const sha = await createCommit(repository, { ...identity, tree, parents })
  if (sha === null) throw new GitError(`the commits ${parents.join(' and ')} are not all in the repository`)
  return { ok: true, sha, tree }
}
