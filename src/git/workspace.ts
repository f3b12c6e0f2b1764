import type { MeasuredFile } from '../model.ts'
import { lstatSync } from 'node:fs'
import { copyFile, lstat, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import picomatch from 'picomatch'
import { applyDiff } from './apply.ts'
import { git, gitLine, nulSeparated, type Place } from './command.ts'
import { byPath, measureTrees, tooMuch } from './measure.ts'
import type { Objects } from './objects.ts'
import type { Measured, Workspace } from './repository.ts'
import { gitNamesAmong } from './sweep.ts'
import { inSlot, type Slot } from './workspaces.ts'

/** A slot that was filled with `tree`, as its user sees it. */
export function asWorkspace(place: Place, objects: Objects, slot: Slot, tree: string): Workspace {
  return {
    dir: slot.dir,
    apply: (diff) => applyDiff(place, diff, inSlot(slot)),
    async measure({ include = [], exclude = [] } = {}) {
      if (exclude.length > 0) await putBack(place, slot, exclude)
      // The slot's own index stays as it was filled, so that the next measure begins from there too.
      const scratch: Slot = { dir: slot.dir, index: `${slot.index}.measured` }
      await rm(`${scratch.index}.lock`, { force: true })
      await copyIndex(slot.index, scratch.index)
      const recorded = await record(place, scratch, include)
      if (recorded.beyond !== null) return { tree, files: [], diff: '', beyond: recorded.beyond }
      const measuredTree = await gitLine(place, ['write-tree'], inSlot(scratch))
      const { files, diff, beyond } = await measureTrees(place, objects, tree, measuredTree)
      return { tree: measuredTree, files: withHidden(files, recorded.hidden), diff, beyond }
    },
  }
}

/**
 * Git takes a file for unchanged whose size and whose second of change are those of the index, unless the index itself is of
 * that second and may have missed a change ("racy git"). So the copy has to be as old as the original.
 */
async function copyIndex(from: string, to: string): Promise<void> {
  await copyFile(from, to)
  const { mtimeNs } = await stat(from, { bigint: true })
  const second = Number(mtimeNs / 1_000_000_000n)
  await utimes(to, second, second)
}

/** What differs from the index: tracked files that changed or are gone, and files that are not tracked. */
type Differences = { changed: string[]; gone: string[]; untracked: string[]; repositories: string[] }

/**
 * Only commands that look and never enter a repository inside: `git add` would run `git status` in it, and with that
 * whatever its configuration names.
 */
async function differences(place: Place, slot: Slot): Promise<Differences> {
  const at = inSlot(slot)
  const [raw, others] = await Promise.all([
    git(place, ['diff-files', '-z', '--raw', '--ignore-submodules=all'], at),
    git(place, ['ls-files', '-z', '--others', '--exclude-standard'], at),
  ])
  const found: Differences = { changed: [], gone: [], untracked: [], repositories: [] }
  const parts = nulSeparated(raw)
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [, mode, , , status] = (parts[at] ?? '').split(' ')
    const path = parts[at + 1] ?? ''
    // A repository in place of a file: the file is gone.
    if (mode === '160000') found.repositories.push(`${path}/.git`)
    const isGone = status === 'D' || mode === '160000' || isNoFile(join(slot.dir, path))
    found[isGone ? 'gone' : 'changed'].push(path)
  }
  for (const path of nulSeparated(others)) {
    if (path.endsWith('/')) found.repositories.push(`${path}.git`)
    else found.untracked.push(path)
  }
  return found
}

/** A pipe, socket or device in place of a file, on which git fails. */
function isNoFile(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false })
  return found !== undefined && !found.isFile() && !found.isSymbolicLink() && !found.isDirectory()
}

async function putBack(place: Place, slot: Slot, globs: string[]): Promise<void> {
  const matches = picomatch(globs, { dot: true })
  const { changed, gone, untracked } = await differences(place, slot)
  await Promise.all(untracked.filter((path) => matches(path)).map((path) => rm(join(slot.dir, path), { force: true })))
  const tracked = [...changed, ...gone].filter((path) => matches(path))
  if (tracked.length === 0) return
  await git(place, ['checkout-index', '--force', '-z', '--stdin'], { ...inSlot(slot), input: nulEnded(tracked) })
}

type Recorded = { hidden: string[]; beyond: string | null }

/** Brings the index to what is in the directory; answers with what git must not or will not take, or that it is too much. */
async function record(place: Place, slot: Slot, include: string[]): Promise<Recorded> {
  const at = inSlot(slot)
  const { changed, gone, untracked, repositories } = await differences(place, slot)
  const submodules = await submodulesOf(place, slot)
  const removed = [...gone, ...submodules.gone]
  const named = await Promise.all(include.map(async (path) => ((await isPlainFile(slot.dir, path)) ? [path] : [])))
  const added = [...new Set([...changed, ...untracked, ...named.flat()])]
  // Looked at before anything is read.
  const sizes = added.map((path) => lstatSync(join(slot.dir, path), { throwIfNoEntry: false })?.size ?? 0)
  const beyond = tooMuch(added.length + removed.length, sizes)
  if (beyond !== null) return { hidden: [], beyond }
  if (removed.length > 0) {
    await git(place, ['update-index', '--force-remove', '-z', '--stdin'], { ...at, input: nulEnded(removed) })
  }
  if (added.length > 0) {
    const how = ['--add', '--remove', '--replace', '-z', '--stdin']
    await git(place, ['update-index', ...how], { ...at, input: nulEnded(added) })
  }
  const tracked = new Set(nulSeparated(await git(place, ['ls-files', '-z'], at)))
  const refused = untracked.filter((path) => !tracked.has(path))
  const names = gitNamesAmong(slot.dir, [...tracked], submodules.there)
  return { hidden: [...new Set([...repositories, ...refused, ...names])], beyond: null }
}

/** Submodules by whether their directory is still there; git itself only looks at them together with what is inside. */
async function submodulesOf(place: Place, slot: Slot): Promise<{ there: string[]; gone: string[] }> {
  const lines = nulSeparated(await git(place, ['ls-files', '-z', '--stage'], inSlot(slot)))
  const paths = lines.filter((line) => line.startsWith('160000 ')).map((line) => line.slice(line.indexOf('\t') + 1))
  const found = await Promise.all(paths.map((path) => isThere(join(slot.dir, path), (entry) => entry.isDirectory())))
  return { there: paths.filter((_path, at) => found[at]), gone: paths.filter((_path, at) => !found[at]) }
}

/** Whether a path that somebody named is a file or symlink inside, reached without following a symlink. */
async function isPlainFile(dir: string, path: string): Promise<boolean> {
  const names = path.split('/')
  if (names.some((name) => name === '' || name === '.' || name === '..')) return false
  for (let depth = 1; depth < names.length; depth += 1) {
    const folder = join(dir, ...names.slice(0, depth))
    if (!(await isThere(folder, (found) => found.isDirectory()))) return false
  }
  return isThere(join(dir, path), (found) => found.isFile() || found.isSymbolicLink())
}

async function isThere(path: string, as: (found: Awaited<ReturnType<typeof lstat>>) => boolean): Promise<boolean> {
  return lstat(path).then(as, () => false)
}

/** What is hidden from the tree is listed as a repository inside, which it is or pretends to be. */
function withHidden(files: MeasuredFile[], hidden: string[]): Measured['files'] {
  const counts = { additions: 0, deletions: 0, binary: false, size: 0 }
  const listed = hidden.map((path): MeasuredFile => ({
    path,
    kind: 'create',
    ...counts,
    oldMode: null,
    newMode: '160000',
  }))
  return [...files, ...listed].toSorted(byPath)
}

const nulEnded = (paths: string[]): string => paths.map((path) => `${path}\0`).join('')
