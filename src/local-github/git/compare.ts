import { lines, readCommits } from './commits.ts'
import type { CommitsBetween, Compare, MeasureChange, MergeBase } from './contract.ts'
import { diffFiles } from './diff.ts'
import { git, gitFailure, tryGit } from './process.ts'

/** The best common ancestor, or null when the histories have nothing in common. */
export const mergeBase: MergeBase = async (repository, one, other) => {
  const args = ['merge-base', '--end-of-options', one, other]
  const output = await tryGit(repository, args)
  if (output.code > 1) throw gitFailure(args, output)
  return lines(output.stdout)[0] ?? null
}

/** Commits of head that base lacks, oldest first. */
export const commitsBetween: CommitsBetween = async (repository, base, head) => {
  const shas = await git(repository, ['rev-list', '--reverse', '--topo-order', '--end-of-options', `${base}..${head}`])
  return readCommits(repository, lines(shas))
}

/** How head stands to base, with the commits and files that head brings. */
export const compare: Compare = async (repository, base, head) => {
  const [ancestor, commits, counts] = await Promise.all([
    mergeBase(repository, base, head),
    commitsBetween(repository, base, head),
    git(repository, ['rev-list', '--left-right', '--count', '--end-of-options', `${base}...${head}`]),
  ])
  const [behindBy = 0, aheadBy = 0] = counts.toString().trim().split('\t').map(Number)
  return {
    status: status(aheadBy, behindBy),
    aheadBy,
    behindBy,
    mergeBase: ancestor,
    commits,
    files: ancestor === null ? [] : await diffFiles(repository, ancestor, head),
  }
}

/** How many commits head has that base lacks, and how much they change since the merge base. */
export const measureChange: MeasureChange = async (repository, base, head) => {
  const shortstat = ['diff', '-M', '--shortstat', '--end-of-options', `${base}...${head}`]
  const [count, stat] = await Promise.all([
    git(repository, ['rev-list', '--count', '--end-of-options', `${base}..${head}`]),
    tryGit(repository, shortstat),
  ])
  const commits = Number(count.toString())
  if (/no merge base/.test(stat.stderr)) return { commits, additions: 0, deletions: 0, changedFiles: 0 }
  if (stat.code !== 0) throw gitFailure(shortstat, stat)
  const part = (pattern: RegExp): number => Number(pattern.exec(stat.stdout.toString())?.[1] ?? 0)
  return {
    commits,
    additions: part(/(\d+) insertion/),
    deletions: part(/(\d+) deletion/),
    changedFiles: part(/(\d+) files? changed/),
  }
}

function status(ahead: number, behind: number): 'identical' | 'ahead' | 'behind' | 'diverged' {
  if (ahead > 0 && behind > 0) return 'diverged'
  if (ahead > 0) return 'ahead'
  return behind > 0 ? 'behind' : 'identical'
}
