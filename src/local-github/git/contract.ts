import type { IncomingMessage, ServerResponse } from 'node:http'

/*
 * What the git room offers. A bare repository on disk is the one truth for refs, commits, trees and merges; nothing here
 * keeps state of its own. Every function takes the absolute path of a bare repository first. The function named in a
 * type's comment is exported by the file named there.
 *
 * Expected refusals (a conflict, a missing object) are values. An exception is a `GitError`: git itself could not run, or
 * an argument is not of its form.
 */

/** Forty lower-case hexadecimal digits. */
export type Sha = string

/** Absolute path of a bare repository, as `repositoryPath(root, owner, name)` gives it. */
export type BareRepository = string

/** Who made a commit and when. `date` is ISO 8601 (`2026-01-02T03:04:05Z`), whole seconds; reading always gives UTC. */
export interface Signature {
  name: string
  email: string
  date: string
}

/** A commit object. `verified` is always false: nothing here signs. */
export interface Commit {
  sha: Sha
  tree: Sha
  parents: Sha[]
  author: Signature
  committer: Signature
  message: string
  verified: false
}

export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag'

/** A full ref name (`refs/heads/main`), what it points at, and for an annotated tag the object behind the tag. */
export interface Ref {
  name: string
  sha: Sha
  type: ObjectType
  /** The commit (or tree, or blob) behind an annotated tag; `sha` itself for anything else. */
  peeled: Sha
}

/** A change of one ref; null stands for "does not exist". `before` is what the caller believes is there now. */
export interface RefChange {
  name: string
  before: Sha | null
  after: Sha | null
}

export type RefWritten =
  | { ok: true }
  /** `conflict`: the ref is not at `before` any more; `actual` says where it is. */
  | { ok: false; reason: 'conflict'; actual: Sha | null; message: string }
  | { ok: false; reason: 'invalid-name' | 'missing-object'; message: string }

export interface TreeEntry {
  /** Path from the listed tree's root, with `/`. */
  path: string
  mode: '100644' | '100755' | '040000' | '120000' | '160000'
  type: 'blob' | 'tree' | 'commit'
  sha: Sha
  /** Bytes, for a blob only. */
  size: number | null
}

/** One line of GitHub's "create a tree": a known object, or text to become a blob; `sha: null` removes the path. */
export type NewTreeEntry = { path: string; mode: TreeEntry['mode'] } & ({ sha: Sha | null } | { content: string })

export interface Tag {
  sha: Sha
  name: string
  message: string
  tagger: Signature | null
  target: { sha: Sha; type: ObjectType }
}

export interface ChangedFile {
  filename: string
  /** `changed` is a change of the mode or the kind alone. Renames are detected as git does by default. */
  status: 'added' | 'removed' | 'modified' | 'renamed' | 'copied' | 'changed'
  /** The blob after the change, or before it for a removed file. */
  sha: Sha
  additions: number
  deletions: number
  changes: number
  /** Hunks without the file header, from the first `@@`. Absent for binary files, pure renames, and beyond 1 MB. */
  patch?: string
  previousFilename?: string
  /** Modes before and after; `000000` where the file is not. */
  modes: [string, string]
}

export interface Comparison {
  status: 'identical' | 'ahead' | 'behind' | 'diverged'
  aheadBy: number
  behindBy: number
  /** Null when the histories have nothing in common. */
  mergeBase: Sha | null
  /** Commits of head that base lacks, oldest first. */
  commits: Commit[]
  /** From merge base to head, as a pull request shows it. */
  files: ChangedFile[]
}

export type Merged<T> = ({ ok: true } & T) | { ok: false; reason: 'conflict'; paths: string[] }

/** Texts and people of a commit that a merge makes. */
export interface MergeIdentity {
  message: string
  author: Signature
  committer: Signature
}

export interface PullRefs {
  head: Sha
  /** The trial merge on `refs/pull/N/merge`; null when it conflicts (the ref is then gone). */
  merge: Sha | null
  conflicts: string[]
}

export interface Imported {
  /** The source's current branch, which becomes the bare repository's HEAD. A detached HEAD arrives as `main`. */
  branch: string
  sha: Sha
  tags: string[]
}

// repository.ts ------------------------------------------------------------------------------------------------------

/** Where `owner/name` lives below `root`. Throws on a name that is not GitHub's alphabet or would leave `root`. */
export type RepositoryPath = (root: string, owner: string, name: string) => BareRepository
/** Makes an empty bare repository whose HEAD names `refs/heads/<branch>`. An existing one is left as it is. */
export type InitRepository = (repository: BareRepository, branch: string) => Promise<void>
/** The branch HEAD names, whether or not it has a commit. */
export type DefaultBranch = (repository: BareRepository) => Promise<string>
export type SetDefaultBranch = (repository: BareRepository, branch: string) => Promise<void>
/** `importRepository`: takes HEAD's branch and all tags of a local repository (work tree, bare, or shallow). */
export type ImportRepository = (repository: BareRepository, source: string) => Promise<Imported>

// refs.ts ------------------------------------------------------------------------------------------------------------

/** What a full ref name points at (an annotated tag's own sha), or null. */
export type ReadRef = (repository: BareRepository, name: string) => Promise<Ref | null>
/** GitHub's `ref` parameters: a sha (also abbreviated), `main`, `v1`, `heads/main`, `refs/…`, `HEAD` → the commit, or null. */
export type ResolveCommit = (repository: BareRepository, revision: string) => Promise<Sha | null>
/** Refs whose full name starts with `prefix` (`refs/heads/`, `refs/heads/feat`), by name. */
export type ListRefs = (repository: BareRepository, prefix: string) => Promise<Ref[]>
/** Compare-and-swap of one or more refs, all or none. The first refusal is the answer. */
export type WriteRefs = (repository: BareRepository, ...changes: RefChange[]) => Promise<RefWritten>
/** True when `ancestor` can be reached from `descendant`: a fast-forward. */
export type IsAncestor = (repository: BareRepository, ancestor: Sha, descendant: Sha) => Promise<boolean>

// objects.ts ---------------------------------------------------------------------------------------------------------

/** The kind of an object, or null when the repository does not have it. */
export type ReadObjectType = (repository: BareRepository, sha: Sha) => Promise<ObjectType | null>
export type ReadBlob = (repository: BareRepository, sha: Sha) => Promise<Buffer | null>
export type CreateBlob = (repository: BareRepository, content: Buffer) => Promise<Sha>
export type ReadTag = (repository: BareRepository, sha: Sha) => Promise<Tag | null>
/** An annotated tag object; no ref is written. Null when the target is missing. */
export type CreateTag = (
  repository: BareRepository,
  tag: { name: string; message: string; tagger: Signature; target: Sha },
) => Promise<Sha | null>

// commits.ts ---------------------------------------------------------------------------------------------------------

export type ReadCommit = (repository: BareRepository, sha: Sha) => Promise<Commit | null>
/** A commit object; no ref is written. Null when the tree or a parent is missing. */
export type CreateCommit = (
  repository: BareRepository,
  commit: MergeIdentity & { tree: Sha; parents: Sha[] },
) => Promise<Sha | null>
/** Newest first, from `from`. `path` keeps those that touch it; `since`/`until` are ISO dates on the committer date. */
export type ListCommits = (
  repository: BareRepository,
  query: { from: Sha; path?: string; since?: string; until?: string; skip: number; limit: number },
) => Promise<Commit[]>

// trees.ts -----------------------------------------------------------------------------------------------------------

/** Entries of a tree (or a commit's tree), or null when there is no such tree. Recursive listings include the trees. */
export type ListTree = (repository: BareRepository, treeish: Sha, recursive: boolean) => Promise<TreeEntry[] | null>
/** The entry at a path of a commit or tree, or null. */
export type EntryAt = (repository: BareRepository, treeish: Sha, path: string) => Promise<TreeEntry | null>
/** A tree object from entries laid over `base` (a tree or commit), or over nothing. */
export type CreateTree = (
  repository: BareRepository,
  base: Sha | null,
  entries: NewTreeEntry[],
) => Promise<{ ok: true; sha: Sha } | { ok: false; reason: 'missing-object' | 'invalid-path'; message: string }>

// diff.ts ------------------------------------------------------------------------------------------------------------

/** Files that differ between two commits or trees, by name. `base: null` is the empty tree. */
export type DiffFiles = (repository: BareRepository, base: Sha | null, head: Sha) => Promise<ChangedFile[]>
/** The unified diff with file headers, as `application/vnd.github.diff` answers. */
export type DiffText = (repository: BareRepository, base: Sha | null, head: Sha) => Promise<string>
export type MergeBase = (repository: BareRepository, one: Sha, other: Sha) => Promise<Sha | null>
/** Commits of head that base lacks, oldest first. */
export type CommitsBetween = (repository: BareRepository, base: Sha, head: Sha) => Promise<Commit[]>
/** How many commits head has that base lacks, and how much they change since the merge base. */
export type MeasureChange = (
  repository: BareRepository,
  base: Sha,
  head: Sha,
) => Promise<{ commits: number; additions: number; deletions: number; changedFiles: number }>
/** Paths that differ between two commits, both names of a rename; `base: null` is the empty tree. */
export type ChangedPaths = (repository: BareRepository, base: Sha | null, head: Sha) => Promise<string[]>
export type Compare = (repository: BareRepository, base: Sha, head: Sha) => Promise<Comparison>

// merge.ts: each makes objects only; the caller moves the ref with writeRefs ------------------------------------------

/** A commit with the parents base and head. */
export type MergeCommits = (
  repository: BareRepository,
  base: Sha,
  head: Sha,
  identity: MergeIdentity,
) => Promise<Merged<{ sha: Sha; tree: Sha }>>
/** One commit on base that holds all of head. */
export type SquashCommits = MergeCommits
/** Each commit of head that base lacks, made again on base with its author and message; merges are left out. */
export type RebaseCommits = (
  repository: BareRepository,
  base: Sha,
  head: Sha,
  committer: Signature,
) => Promise<Merged<{ sha: Sha; tree: Sha; commits: Sha[] }>>

// pull-refs.ts -------------------------------------------------------------------------------------------------------

/** Sets `refs/pull/N/head` and `refs/pull/N/merge` for an open pull request; both are hidden from pushes. */
export type UpdatePullRefs = (
  repository: BareRepository,
  pull: { number: number; base: Sha; head: Sha; identity: MergeIdentity },
) => Promise<PullRefs>
/** Numbers of the pull requests whose `refs/pull/N/head` the commit holds, as when a pull request was merged by a push. */
export type MergedPulls = (repository: BareRepository, into: Sha) => Promise<number[]>
/** Removes `refs/pull/N/merge`; a closed pull request keeps its head. */
export type DropPullMerge = (repository: BareRepository, number: number) => Promise<void>

// smart-http.ts ------------------------------------------------------------------------------------------------------

/** What a client wants. `token` is the password of Basic, or what follows Bearer or token; null without credentials. */
export interface GitRequest {
  owner: string
  repo: string
  /** True for a push, also for its first round (`info/refs?service=git-receive-pack`). */
  write: boolean
  token: string | null
}

/** 401 asks for credentials, 403 refuses known ones, 404 hides the repository. `message` reaches git's user. */
export type GitPermission = { status: 200; actor: string } | { status: 401 | 403 | 404; message?: string }

/** A push as received. `updates` names null where a ref was created or deleted; `token` lets the server find who it was. */
export interface Push {
  owner: string
  repo: string
  repository: BareRepository
  actor: string
  token: string | null
  updates: RefChange[]
}

export interface SmartHttpOptions {
  /** The folder that `repositoryPath` is given. */
  root: string
  authorize: (request: GitRequest) => GitPermission | Promise<GitPermission>
  /**
   * Asked once for each ref of a push before anything is written. A text refuses that push as a whole, and git shows it
   * (`remote: <text>` and `[remote rejected] … (pre-receive hook declined)`); null allows it. The new objects are not in
   * the repository yet, so `forced` tells what only git can: whether the update is no fast-forward.
   */
  beforePush?: (push: Omit<Push, 'updates'>, update: RefChange & { forced: boolean }) => Promise<string | null>
  /** Called after the refs have moved and before the client's answer ends. */
  onPush: (push: Push) => Promise<void>
  /** Told of faults of git http-backend that the client only sees as a 500. */
  onFault: (message: string) => void
}

/** `createSmartHttp`: handles a request, or answers false when it is not a git URL (`/owner/repo[.git]/info/refs`, …). */
export type SmartHttp = (request: IncomingMessage, response: ServerResponse) => boolean
export type CreateSmartHttp = (options: SmartHttpOptions) => Promise<{
  handle: SmartHttp
  /** Ends running transfers and stops answering. */
  close: () => Promise<void>
}>
