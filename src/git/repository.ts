import type { MeasuredFile, RepositoryName, TreePoint } from '../model.ts'

/** Where a repository really lives: `https://…/owner/name.git`, and a token that may read and push, asked for when needed. */
export type Remote = { url: string; token(): Promise<string> }

export type Person = { name: string; email: string }

/** A file of a tree. `size` is in bytes, 0 for a submodule (mode 160000), whose `sha` is a commit. */
export type TreeEntry = { path: string; mode: string; sha: string; size: number }

/** A merged tree, or the paths on which git found no common answer. */
export type Merged = { ok: true; tree: string } | { ok: false; paths: string[] }

/**
 * A change as git sees it: files sorted by path, renames detected, and the unified diff without the bytes of binary files.
 * `beyond` says why the change is too large to be read at all; then there is no diff, and of a workspace no files either.
 */
export type Measured = { files: MeasuredFile[]; diff: string; beyond: string | null }

/** One ref to move: `to` null deletes it, `expect` is the sha it has now, null when it must not exist. */
export type RefUpdate = { ref: string; to: string | null; expect: string | null }

/** `moved`: the named ref is not where it was expected. `refused`: the remote's rules say no, in its own words. */
export type Pushed = { ok: true } | { ok: false; why: 'moved' | 'refused'; ref: string | null; message: string }

/** A part of a patch that did not apply; `path` is empty and `line` counts within the patch when the patch itself is at fault. */
export type FailedHunk = { path: string; line: number | null; message: string }

export type Applied = { ok: true } | { ok: false; hunks: FailedHunk[] }

/** A directory with the files of a commit and nothing of git in it; whatever happens in it, the host measures it from outside. */
export type Workspace = {
  dir: string
  /**
   * Hashes what is there now and holds it against where the workspace began. Ignored files stay out unless `include` names
   * their exact path; what changed under the globs of `exclude` is put back first. Symlinks are never followed and have
   * mode 120000. A repository inside, or anything named like `.git`, is listed with mode 160000 and is not in the tree.
   */
  measure(options?: { include?: string[]; exclude?: string[] }): Promise<Measured & { tree: string }>
  /** Applies a unified diff as `git apply` does: whole or not at all, without fuzz, and nowhere outside the directory. */
  apply(diff: string): Promise<Applied>
}

/**
 * One repository, read from a mirror on this host and written by pushing. Commits are shas; where a commit is asked for, a
 * tree serves as well, unless history matters. Everything throws `GitFailure` on an outage or a fault.
 */
export type RepositoryGit = {
  /** The bare mirror, for those who read it themselves; it exists once any other function has been awaited. */
  path: string
  /** Brings heads, `refs/pawl/*` and tags `pawl/*` up to date, or only the named full refs. Makes the mirror when there is none. */
  fetch(refs?: string[]): Promise<void>
  /** The sha of a full ref at the remote at this moment. */
  remote(ref: string): Promise<string | null>
  /** The sha of a full ref as last fetched or pushed, of those that are mirrored. */
  known(ref: string): Promise<string | null>
  /** The head of a branch as last fetched or pushed. */
  branch(name: string): Promise<TreePoint | null>
  /** A commit, fetched by its sha when the mirror lacks it; null when the remote has no such commit either. */
  point(commit: string): Promise<TreePoint | null>
  /** Null when there is no such file, or it is no UTF-8 text. Of a symlink it is the target. */
  readText(commit: string, path: string): Promise<string | null>
  readBytes(commit: string, path: string): Promise<Buffer | null>
  /** The text of a blob by its own sha, such as one that a ref points at. */
  readBlob(sha: string): Promise<string | null>
  paths(commit: string): Promise<string[]>
  entries(commit: string): Promise<TreeEntry[]>
  /** Whether `a` is `b` or one of its ancestors. */
  isAncestor(a: string, b: string): Promise<boolean>
  mergeTree(base: string, head: string): Promise<Merged>
  /** The tree of `onto` without the change from `before` to `after`. */
  revertTree(change: { before: string; after: string }, onto: string): Promise<Merged>
  /** Lends a directory with the files of a commit or tree; it is taken back when `use` is done. */
  workspace<T>(from: string, use: (workspace: Workspace) => Promise<T>): Promise<T>
  measure(base: string, head: string): Promise<Measured>
  /** Writes a commit; `at` is the ISO time of both its dates, so that the same input gives the same sha. */
  commit(options: { tree: string; parents: string[]; message: string; author?: Person; at: string }): Promise<string>
  /** Writes an annotated tag of a commit and returns the tag's sha; a push gives it its ref. */
  tag(options: { name: string; target: string; message: string; at: string }): Promise<string>
  blob(text: string): Promise<string>
  /** Moves all refs or none. What is already so at the remote counts as done: an earlier try got through and died. */
  push(updates: RefUpdate[]): Promise<Pushed>
}

export type Git = { repository(name: RepositoryName, remote: Remote): RepositoryGit }
