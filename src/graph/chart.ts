import { createEdgeBound, createReadingBound } from './bounds.ts'
import { edgesOf } from './edges.ts'
import type { Edges } from './edges.ts'
import type { Parsers } from './javascript/parsers.ts'
import type { Languages } from './languages/languages.ts'
import type { LanguageReading } from './languages/readers.ts'
import { readAsked } from './read.ts'
import { decidesForOthers, isOfOtherLanguage } from './reading.ts'
import type { Reading } from './reading.ts'
import type { BegunSurvey, Survey, Wanted } from './survey.ts'
import { createWorld } from './world.ts'
import type { World } from './world.ts'

/** The map of a repository, taken apart so that a later commit costs what it changes. The edges of a file have its place. */
export type Chart = { survey: Survey; world: World; languages: Languages | null; edges: (Edges | undefined)[] }

/** Reads the files of a begun survey and finds their edges; `before` is the chart of another commit of the repository. */
export async function chartSurvey(
  begun: BegunSurvey,
  before: Chart | null,
  parsers: Parsers,
  signal?: AbortSignal,
): Promise<Chart> {
  const { survey, modified } = begun
  const early: { world?: World; edges: (Edges | undefined)[] } = { edges: [] }
  const bounded = createReadingBound()
  const boundedEdges = createEdgeBound()
  // Connecting while git still gives the next files takes no time of its own.
  const connect = (place: number, reading: Reading) => {
    early.world ??= createWorld(survey)
    if (early.edges.length === 0) early.edges = Array(survey.entries.length)
    const path = survey.entries[place]?.path ?? ''
    early.edges[place] = boundedEdges(path, edgesOf(path, reading, early.world, null))
  }
  const take = ({ isScript, places }: Wanted, read: Reading) => {
    const reading = bounded(read)
    for (const place of places) {
      survey.readings[place] = reading
      // All that decides where its specifiers lead has been read before JavaScript and TypeScript are.
      if (isScript && modified === null) connect(place, reading)
    }
  }
  await readAsked(begun, parsers, take, signal)
  if (before !== null && modified !== null && !modified.some((place) => decides(place, survey, before.survey))) {
    return withChanges(before, survey, modified)
  }
  const world = early.world ?? createWorld(survey)
  const languages = await languagesOf(survey, world)
  const edges = survey.entries.map(({ path }, place) => {
    const reading = survey.readings[place]
    return early.edges[place] ?? (reading && boundedEdges(path, edgesOf(path, reading, world, languages)))
  })
  return { survey, world, languages, edges }
}

function withChanges({ edges, world, languages }: Chart, survey: Survey, modified: number[]): Chart {
  const changed = [...edges]
  for (const place of modified) {
    const path = survey.entries[place]?.path ?? ''
    const reading = survey.readings[place]
    if (reading !== undefined) changed[place] = edgesOf(path, reading, world, languages)
  }
  return { survey, world, languages, edges: changed }
}

function decides(place: number, now: Survey, before: Survey): boolean {
  return decidesForOthers(now.readings[place], before.readings[place])
}

/** Null where there are no files of other languages: their part is large, and loaded only when it is needed. */
async function languagesOf({ entries, readings }: Survey, { files }: World): Promise<Languages | null> {
  const others = new Map<string, LanguageReading>()
  for (const [place, { path }] of entries.entries()) {
    const reading = readings[place]
    if (reading !== undefined && isOfOtherLanguage(reading)) others.set(path, reading)
  }
  if (others.size === 0) return null
  const { createLanguages } = await import('./languages/languages.ts')
  return createLanguages(others, files)
}
