import { embeddedScript } from './javascript/embedded.ts'
import type { Language } from './javascript/language.ts'
import type { ModuleReading } from './javascript/reading.ts'
import type { Parsers } from './javascript/parsers.ts'
import { scanReferences } from './javascript/scan.ts'
import { largestSource, readConfiguration } from './reading.ts'
import type { Reader, Reading } from './reading.ts'
import { readBlobs } from './repository/blobs.ts'

/** A blob to be read; `key` names the reading. */
export type Wanted = { key: string; id: string; reader: Reader; size: number }

/**
 * Reads blobs of a repository. A source that is too large, or lacking, or that the parser does not bear, is a reading with a
 * fault; the others are not touched by it.
 */
export async function readWanted(
  repository: string,
  wanted: Wanted[],
  parsers: Parsers,
  signal?: AbortSignal,
): Promise<Map<string, Reading>> {
  const readings = new Map<string, Reading>()
  const small = wanted.filter(({ size }) => size <= largestSource)
  for (const { key, size } of wanted) {
    if (size > largestSource) readings.set(key, unread(`larger than ${largestSource} bytes`))
  }
  const pending: Promise<void>[] = []
  let place = 0
  for await (const { content } of readBlobs(
    repository,
    small.map(({ id }) => id),
    signal,
  )) {
    const blob = small[place++]
    if (blob === undefined) break
    if (content === null) readings.set(blob.key, unread('the repository lacks the blob'))
    else {
      const reading = read(blob.reader, content, parsers)
      if (!(reading instanceof Promise)) readings.set(blob.key, reading)
      else pending.push(reading.then((parsed) => void readings.set(blob.key, { kind: 'module', ...parsed })))
      pending.at(-1)?.catch(() => {})
    }
    await parsers.room()
  }
  await Promise.all(pending)
  signal?.throwIfAborted()
  return readings
}

function read(reader: Reader, content: Buffer, parsers: Parsers): Reading | Promise<ModuleReading> {
  switch (reader) {
    case 'jsx':
    case 'ts':
    case 'tsx':
    case 'dts':
      return readSource(reader, content, parsers)
    case 'vue':
    case 'svelte':
    case 'astro': {
      const { language, script } = embeddedScript(reader, content.toString('utf8'))
      return readSource(language, Buffer.from(script), parsers)
    }
    default:
      return readConfiguration(reader, content)
  }
}

function readSource(language: Language, content: Buffer, parsers: Parsers): Reading | Promise<ModuleReading> {
  const references = scanReferences(content.toString('latin1'))
  return references === null ? parsers.references(language, content) : { kind: 'module', references, fault: null }
}

function unread(fault: string): Reading {
  return { kind: 'module', references: [], fault }
}
