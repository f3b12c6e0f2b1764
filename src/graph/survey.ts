import { readWanted } from './read.ts'
import type { Wanted } from './read.ts'
import { readerOf } from './reading.ts'
import type { Reading } from './reading.ts'
import type { Parsers } from './javascript/parsers.ts'
import { listModified, listTree } from './repository/tree.ts'
import type { TreeEntry } from './repository/tree.ts'
import type { Store } from './store.ts'

/** A commit's tree with what its files say. `readings` is by path, in the tree's order, and lacks files that say nothing. */
export type Survey = { commit: string; entries: TreeEntry[]; readings: Map<string, Reading> }

/** `modified` are the paths that differ from the survey before, when nothing but the content of files does; else null. */
export type Surveyed = { survey: Survey; modified: string[] | null }

/** Surveys a commit; what an earlier survey of the repository, or the store, knows by its blob is not read again. */
export async function surveyCommit(
  repository: string,
  commit: string,
  before: Survey | null,
  { parsers, store }: { parsers: Parsers; store: Store | null },
  signal?: AbortSignal,
): Promise<Surveyed> {
  const changes = before && (await listModified(repository, before.commit, commit, signal))
  const entries = changes ?? (await listTree(repository, commit, signal))
  const keys = entries.map(keyOf)
  const known = before === null || changes !== null ? new Map<string, Reading>() : readingsByKey(before)
  const wanted = new Map<string, Wanted>()
  for (const [place, key] of keys.entries()) {
    const entry = entries[place]
    if (key !== null && entry !== undefined && !known.has(key.text)) {
      wanted.set(key.text, { key: key.text, id: entry.id, reader: key.reader })
    }
  }
  for (const [key, reading] of store?.get([...wanted.keys()]) ?? []) {
    known.set(key, reading)
    wanted.delete(key)
  }
  const fresh = await readWanted(repository, [...wanted.values()], parsers, signal)
  store?.put(new Map([...fresh].filter(([, reading]) => isLasting(reading))))

  const readings = new Map<string, Reading>()
  for (const [place, key] of keys.entries()) {
    const path = entries[place]?.path
    const reading = key && (fresh.get(key.text) ?? known.get(key.text))
    if (path !== undefined && reading) readings.set(path, reading)
  }
  if (before === null || changes === null) return { survey: { commit, entries, readings }, modified: null }
  return { survey: withChanges(before, commit, changes, readings), modified: changes.map(({ path }) => path) }
}

/** A fault may be one of the moment: a machine too busy, a process killed from outside. */
function isLasting(reading: Reading): boolean {
  return reading.kind !== 'module' || reading.fault === null
}

/** A reading is known by the blob and its reader together: the same text may be a `.js` here and a `.ts` there. */
function keyOf(entry: TreeEntry) {
  const reader = readerOf(entry)
  return reader && { reader, text: `${entry.id} ${reader}` }
}

function readingsByKey({ entries, readings }: Survey): Map<string, Reading> {
  const known = new Map<string, Reading>()
  for (const entry of entries) {
    const reading = readings.get(entry.path)
    const key = reading && keyOf(entry)
    if (reading && key && isLasting(reading)) known.set(key.text, reading)
  }
  return known
}

function withChanges(before: Survey, commit: string, changes: TreeEntry[], fresh: Map<string, Reading>): Survey {
  const changed = new Map(changes.map((entry) => [entry.path, entry]))
  const readings = new Map(before.readings)
  // Setting what is there keeps its place.
  for (const [path, reading] of fresh) readings.set(path, reading)
  return { commit, entries: before.entries.map((entry) => changed.get(entry.path) ?? entry), readings }
}
