import { isScript, limitOf, readerOf } from './readers.ts'
import type { Reader } from './readers.ts'
import type { Reading } from './reading.ts'
import { askForBlobs } from './repository/blobs.ts'
import type { AskedBlobs, BlobRequest } from './repository/blobs.ts'
import { listModified, listTree } from './repository/tree.ts'
import type { TreeEntry } from './repository/tree.ts'

/** A commit's tree with what its files say: the reading of an entry has its place, and is lacking where it says nothing. */
export type Survey = { commit: string; entries: TreeEntry[]; readings: (Reading | undefined)[] }

/** Blobs to be read, which git has been asked for. */
export type Asked = { wanted: Wanted[]; blobs: AskedBlobs<Wanted> }

/** A blob to be read, and the places in the tree where it is. */
export type Wanted = BlobRequest & { reader: Reader; isScript: boolean; places: number[] }

/**
 * A survey whose files are still to be read, unless an earlier one of the repository knows them by their blobs. `modified` are
 * the places that differ from the survey before, when nothing but the content of files does; else null.
 */
export type BegunSurvey = Asked & { survey: Survey; modified: number[] | null }

/** A survey of another commit of the repository; `listing` is the tree where it has been asked for already. */
type Earlier = { before: Survey | null; listing: Promise<TreeEntry[]> | null }

/** Lists the tree of a commit and asks git for what has to be read. */
export async function beginSurvey(
  repository: string,
  commit: string,
  earlier: Earlier,
  signal?: AbortSignal,
): Promise<BegunSurvey> {
  const { survey, modified, wanted } = await planSurvey(repository, commit, earlier, signal)
  return { survey, modified, wanted, blobs: await askForBlobs(repository, wanted, signal) }
}

/** The tree of a commit, and what of it has to be read. */
async function planSurvey(
  repository: string,
  commit: string,
  { before, listing }: Earlier,
  signal?: AbortSignal,
): Promise<Omit<BegunSurvey, 'blobs'>> {
  const changes = before && (await listModified(repository, before.commit, commit, signal))
  if (before !== null && changes !== null) {
    const survey = { commit, entries: [...before.entries], readings: [...before.readings] }
    const modified = withChanges(survey.entries, changes)
    return { survey, modified, wanted: wantedOf(survey, modified, null) }
  }
  const entries = await (listing ?? listTree(repository, commit, signal))
  const survey: Survey = { commit, entries, readings: Array(entries.length) }
  return { survey, modified: null, wanted: wantedOf(survey, entries.keys(), before) }
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
