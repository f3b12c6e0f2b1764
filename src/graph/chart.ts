import { edgesOf } from './edges.ts'
import type { Edges } from './edges.ts'
import type { Parsers } from './javascript/parsers.ts'
import type { Languages } from './languages/languages.ts'
import type { LanguageReading } from './languages/readers.ts'
import { decidesForOthers, isOfOtherLanguage } from './reading.ts'
import type { Reading } from './reading.ts'
import { surveyCommit } from './survey.ts'
import type { Survey } from './survey.ts'
import { createWorld } from './world.ts'
import type { World } from './world.ts'

/** The map of a repository, taken apart so that a later commit costs what it changes. */
export type Chart = { survey: Survey; world: World; languages: Languages | null; edges: Map<string, Edges> }

/** Reads a commit and finds the edges of its files; `before` is the chart of another commit of the repository. */
export async function chartCommit(
  repository: string,
  commit: string,
  before: Chart | null,
  parsers: Parsers,
  signal?: AbortSignal,
): Promise<Chart> {
  const edges = new Map<string, Edges>()
  const known: { world?: World } = {}
  // Connecting while git still gives the next files takes no time of its own.
  const connect = (path: string, reading: Reading, survey: Survey) => {
    known.world ??= createWorld(survey)
    edges.set(path, edgesOf(path, reading, known.world, null))
  }
  const { survey, modified } = await surveyCommit(
    repository,
    commit,
    before?.survey ?? null,
    parsers,
    connect,
    signal,
  )
  if (before !== null && modified !== null && !modified.some((path) => decides(path, survey, before.survey))) {
    return { ...before, survey, edges: withChanges(before, survey, modified) }
  }
  const world = known.world ?? createWorld(survey)
  const languages = await languagesOf(survey, world)
  for (const { path } of survey.entries) {
    const reading = survey.readings.get(path)
    if (reading !== undefined && !edges.has(path)) edges.set(path, edgesOf(path, reading, world, languages))
  }
  return { survey, world, languages, edges }
}

function withChanges({ edges, world, languages }: Chart, survey: Survey, modified: string[]): Map<string, Edges> {
  const changed = new Map(edges)
  for (const path of modified) {
    const reading = survey.readings.get(path)
    if (reading !== undefined) changed.set(path, edgesOf(path, reading, world, languages))
  }
  return changed
}

function decides(path: string, now: Survey, before: Survey): boolean {
  return decidesForOthers(now.readings.get(path), before.readings.get(path))
}

/** Null where there are no files of other languages: their part is large, and loaded only when it is needed. */
async function languagesOf({ entries, readings }: Survey, { files }: World): Promise<Languages | null> {
  const others = new Map<string, LanguageReading>()
  for (const { path } of entries) {
    const reading = readings.get(path)
    if (reading !== undefined && isOfOtherLanguage(reading)) others.set(path, reading)
  }
  if (others.size === 0) return null
  const { createLanguages } = await import('./languages/languages.ts')
  return createLanguages(others, files)
}
