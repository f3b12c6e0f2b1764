import { readWanted } from './read.ts'
import type { Wanted } from './read.ts'
import { isScript, limitOf, readerOf } from './reading.ts'
import type { Reader, Reading } from './reading.ts'
import type { Parsers } from './javascript/parsers.ts'
import { listModified, listTree } from './repository/tree.ts'
import type { TreeEntry } from './repository/tree.ts'

/** A commit's tree with what its files say. `readings` is by path and lacks files that say nothing. */
export type Survey = { commit: string; entries: TreeEntry[]; readings: Map<string, Reading> }

/** `modified` are the paths that differ from the survey before, when nothing but the content of files does; else null. */
export type Surveyed = { survey: Survey; modified: string[] | null }

/** Hears of JavaScript and TypeScript as it is read, after all that decides where its specifiers lead. */
export type Listener = (path: string, reading: Reading, survey: Survey) => void

/** Surveys a commit; what an earlier survey of the repository knows by its blob is not read again. */
export async function surveyCommit(
  repository: string,
  commit: string,
  before: Survey | null,
  parsers: Parsers,
  listener: Listener,
  signal?: AbortSignal,
): Promise<Surveyed> {
  const changes = before && (await listModified(repository, before.commit, commit, signal))
  if (before !== null && changes !== null) {
    const fresh = new Map<string, Reading>()
    const take = ({ paths }: Wanted, reading: Reading) => {
      for (const path of paths) fresh.set(path, reading)
    }
    await readWanted(repository, wantedOf(changes, null), parsers, take, signal)
    return { survey: withChanges(before, commit, changes, fresh), modified: changes.map(({ path }) => path) }
  }
  const entries = await listTree(repository, commit, signal)
  const survey: Survey = { commit, entries, readings: new Map() }
  const wanted = wantedOf(entries, before && { before, readings: survey.readings })
  const take = ({ reader, paths }: Wanted, reading: Reading) => {
    for (const path of paths) {
      survey.readings.set(path, reading)
      if (isScript(reader)) listener(path, reading, survey)
    }
  }
  await readWanted(repository, wanted, parsers, take, signal)
  return { survey, modified: null }
}

/**
 * What has to be read, configuration first. What an earlier survey knows is put to the readings. A reading is known by the blob
 * and its reader together: the same text may be a `.js` here and a `.ts` there.
 */
function wantedOf(entries: TreeEntry[], known: { before: Survey; readings: Map<string, Reading> } | null): Wanted[] {
  const before = known && readingsByBlob(known.before)
  const byReader = new Map<Reader, Map<string, Wanted>>()
  const configuration: Wanted[] = []
  const scripts: Wanted[] = []
  for (const entry of entries) {
    const reader = readerOf(entry)
    if (reader === null) continue
    const { id, path } = entry
    const reading = before?.get(reader)?.get(id)
    if (reading !== undefined) {
      known?.readings.set(path, reading)
      continue
    }
    const byBlob = ofReader(byReader, reader)
    const same = byBlob.get(id)
    if (same !== undefined) {
      same.paths.push(path)
      continue
    }
    const wanted = { id, limit: limitOf(reader), reader, paths: [path] }
    byBlob.set(id, wanted)
    ;(isScript(reader) ? scripts : configuration).push(wanted)
  }
  return [...configuration, ...scripts]
}

/** A fault may be one of the moment, a machine too busy or a process killed from outside, and its file is read again. */
function readingsByBlob({ entries, readings }: Survey): Map<Reader, Map<string, Reading>> {
  const known = new Map<Reader, Map<string, Reading>>()
  for (const entry of entries) {
    const reading = readings.get(entry.path)
    if (reading === undefined || (reading.kind === 'module' && reading.fault !== null)) continue
    const reader = readerOf(entry)
    if (reader !== null) ofReader(known, reader).set(entry.id, reading)
  }
  return known
}

function ofReader<Kept>(all: Map<Reader, Map<string, Kept>>, reader: Reader): Map<string, Kept> {
  const there = all.get(reader)
  if (there !== undefined) return there
  const made = new Map<string, Kept>()
  all.set(reader, made)
  return made
}

function withChanges(before: Survey, commit: string, changes: TreeEntry[], fresh: Map<string, Reading>): Survey {
  const changed = new Map(changes.map((entry) => [entry.path, entry]))
  const readings = new Map(before.readings)
  for (const [path, reading] of fresh) readings.set(path, reading)
  return { commit, entries: before.entries.map((entry) => changed.get(entry.path) ?? entry), readings }
}
