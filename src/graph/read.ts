import { embeddedScript } from './javascript/embedded.ts'
import type { Language } from './javascript/language.ts'
import type { ModuleReading } from './javascript/reading.ts'
import type { Parsers } from './javascript/parsers.ts'
import { scanReferences } from './javascript/scan.ts'
import { limitOf, readOther } from './reading.ts'
import type { Reader, Reading } from './reading.ts'
import { readBlobs } from './repository/blobs.ts'

/** A blob to be read; `key` names the reading. */
export type Wanted = { key: string; id: string; reader: Reader }

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
  const pending: Promise<void>[] = []
  const requests = wanted.map(({ id, reader }) => ({ id, limit: limitOf(reader) }))
  let place = 0
  for await (const blob of readBlobs(repository, requests, signal)) {
    const asked = wanted[place++]
    if (asked === undefined) break
    const { key, reader } = asked
    const reading: Reading | Promise<ModuleReading> =
      blob.content === null
        ? { kind: 'module', references: [], fault: blob.fault }
        : read(reader, blob.content, parsers)
    if (reading instanceof Promise) {
      const kept = reading.then((parsed) => void readings.set(key, { kind: 'module', ...parsed }))
      // Whatever fails is heard below; a failure before that must not end the process.
      kept.catch(() => {})
      pending.push(kept)
      await parsers.room()
    } else readings.set(key, reading)
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
      return readOther(reader, content)
  }
}

function readSource(language: Language, content: Buffer, parsers: Parsers): Reading | Promise<ModuleReading> {
  const references = scanReferences(content.toString('latin1'), language)
  return references === null ? parsers.references(language, content) : { kind: 'module', references, fault: null }
}
