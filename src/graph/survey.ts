import { createReadingBound } from './bounds.ts'
import type { Parsers } from './javascript/parsers.ts'
import { readWanted } from './read.ts'
import type { Wanted } from './read.ts'
import { isScript, limitOf, readerOf } from './readers.ts'
import type { Reader } from './readers.ts'
import type { Reading } from './reading.ts'
import { listModified } from './repository/tree.ts'
import type { TreeEntry } from './repository/tree.ts'

/** A commit's tree with what its files say: the reading of an entry has its place, and is lacking where it says nothing. */
export type Survey = { commit: string; entries: TreeEntry[]; readings: (Reading | undefined)[] }

/** A commit's full name, and what lists its tree. */
export type CommitToRead = { commit: string; list: () => Promise<TreeEntry[]> }

/** `modified` are the places that differ from the survey before, when nothing but the content of files does; else null. */
export type Surveyed = { survey: Survey; modified: number[] | null }

/** Hears of JavaScript and TypeScript as it is read, after all that decides where its specifiers lead. */
export type Listener = (place: number, reading: Reading, survey: Survey) => void

/** Surveys a commit; what an earlier survey of the repository knows by its blob is not read again. */
export async function surveyCommit(
  repository: string,
  { commit, list }: CommitToRead,
  before: Survey | null,
  parsers: Parsers,
  listener: Listener,
  signal?: AbortSignal,
): Promise<Surveyed> {
  const bounded = createReadingBound()
  const changes = before && (await listModified(repository, before.commit, commit, signal))
  if (before !== null && changes !== null) {
    const survey = { commit, entries: [...before.entries], readings: [...before.readings] }
    const modified = withChanges(survey.entries, changes)
    const take = ({ places }: Wanted, read: Reading) => {
      const reading = bounded(read)
      for (const place of places) survey.readings[place] = reading
    }
    await readWanted(repository, wantedOf(survey, modified, null), parsers, take, signal)
    return { survey, modified }
  }
  const entries = await list()
  const survey: Survey = { commit, entries, readings: Array(entries.length) }
  const take = ({ isScript: heard, places }: Wanted, read: Reading) => {
    const reading = bounded(read)
    for (const place of places) {
      survey.readings[place] = reading
      if (heard) listener(place, reading, survey)
    }
  }
  await readWanted(repository, wantedOf(survey, entries.keys(), before), parsers, take, signal)
  return { survey, modified: null }
}

/**
 * What has to be read for some places, configuration first; what an earlier survey knows is put to the readings. A reading is
 * known by the blob and its reader together: the same text may be a `.js` here and a `.ts` there.
 */
function wantedOf({ entries, readings }: Survey, places: Iterable<number>, before: Survey | null): Wanted[] {
  const known = before && readingsByBlob(before)
  const byBlob = new Map<string, Wanted>()
  const configuration: Wanted[] = []
  const scripts: Wanted[] = []
  for (const place of places) {
    const entry = entries[place]
    const reader = entry === undefined ? null : readerOf(entry)
    if (entry === undefined || reader === null) continue
    const there = known?.get(entry.id)
    if (there?.reader === reader) {
      readings[place] = there.reading
      continue
    }
    const same = byBlob.get(entry.id)
    if (same?.reader === reader) {
      same.places.push(place)
      continue
    }
    const wanted = { id: entry.id, limit: limitOf(reader), reader, isScript: isScript(reader), places: [place] }
    byBlob.set(entry.id, wanted)
    if (wanted.isScript) scripts.push(wanted)
    else configuration.push(wanted)
  }
  return [...configuration, ...scripts]
}

/** A fault may be one of the moment, a machine too busy or a process killed from outside, and its file is read again. */
function readingsByBlob({ entries, readings }: Survey): Map<string, { reader: Reader; reading: Reading }> {
  const known = new Map<string, { reader: Reader; reading: Reading }>()
  for (const [place, entry] of entries.entries()) {
    const reading = readings[place]
    if (reading === undefined || (reading.kind === 'module' && reading.fault !== null)) continue
    const reader = readerOf(entry)
    if (reader !== null) known.set(entry.id, { reader, reading })
  }
  return known
}

/** Puts changed entries to their places, and gives these. */
function withChanges(entries: TreeEntry[], changes: TreeEntry[]): number[] {
  const changed = new Map(changes.map((entry) => [entry.path, entry]))
  const modified: number[] = []
  for (const [place, { path }] of entries.entries()) {
    const entry = changed.get(path)
    if (entry === undefined) continue
    entries[place] = entry
    modified.push(place)
  }
  return modified
}
