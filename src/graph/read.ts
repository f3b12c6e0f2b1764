import { embeddedScript } from './javascript/embedded.ts'
import type { Language } from './javascript/language.ts'
import type { ModuleReading } from './javascript/reading.ts'
import type { Parsers } from './javascript/parsers.ts'
import { scanReferences } from './javascript/scan.ts'
import type { LanguageReader, LanguageReading } from './languages/readers.ts'
import { isOfLanguage, isSourceOfLanguage } from './readers.ts'
import type { Reader } from './readers.ts'
import { isText, readConfiguration } from './reading.ts'
import type { Reading } from './reading.ts'
import type { Asked, Wanted } from './survey.ts'

type ReadLanguage = (reader: LanguageReader, content: Buffer) => LanguageReading

/**
 * Reads what git has been asked for, mostly in that order. A source that is too large, or lacking, or that the parser does
 * not bear, is a reading with a fault; the others are not touched by it.
 */
export async function readAsked(
  { wanted, blobs }: Asked,
  parsers: Parsers,
  receive: (wanted: Wanted, reading: Reading) => void,
  signal?: AbortSignal,
): Promise<void> {
  // Most repositories have few other languages, and their scanners take a while to load.
  const languages = wanted.some(({ reader }) => isOfLanguage(reader)) ? await import('./languages/reading.ts') : null
  const pending: Promise<void>[] = []
  const take = (asked: Wanted, blob: { content: Buffer } | { content: null; fault: string }) => {
    const reading =
      blob.content === null
        ? faulty(blob.fault)
        : read(asked.reader, blob.content, parsers, languages?.readLanguage ?? null)
    if (!(reading instanceof Promise)) return receive(asked, reading)
    const kept = reading.then((parsed) => receive(asked, { kind: 'module', ...parsed }))
    // Whatever fails is heard below; a failure before that must not end the process.
    kept.catch(() => {})
    pending.push(kept)
  }
  await blobs.take(take, () => parsers.room())
  await Promise.all(pending)
  signal?.throwIfAborted()
}

function faulty(fault: string): Reading {
  return { kind: 'module', references: [], fault }
}

function read(
  reader: Reader,
  content: Buffer,
  parsers: Parsers,
  readLanguage: ReadLanguage | null,
): Reading | Promise<ModuleReading> {
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
      if (!isOfLanguage(reader)) return readConfiguration(reader, content)
      if (isSourceOfLanguage(reader) && !isText(content)) return faulty('it is no text')
      return readLanguage?.(reader, content) ?? faulty('its language is not read')
  }
}

/** The bytes are there only now, and the parser gets its own. */
function readSource(language: Language, content: Buffer, parsers: Parsers): Reading | Promise<ModuleReading> {
  const references = scanReferences(content.toString('latin1'), language)
  if (references !== null) return { kind: 'module', references, fault: null }
  return parsers.references(language, Buffer.from(content))
}
