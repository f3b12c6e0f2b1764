import { embeddedScript } from './javascript/embedded.ts'
import type { Embedding, Language } from './javascript/language.ts'
import type { Parsers } from './javascript/parsers.ts'
import type { ExportsReading } from './javascript/reading.ts'
import { isEmbedding, isScript, limitOf, readerOf } from './readers.ts'
import { askForBlobs } from './repository/blobs.ts'
import type { Blob, BlobRequest } from './repository/blobs.ts'
import { listTree } from './repository/tree.ts'

type Source = BlobRequest & { path: string; reader: Language | Embedding }

/** The names that files of a commit export; see `Mapper.exportsOf`. */
export async function exportsAt(
  repository: string,
  commit: string,
  paths: string[],
  parsers: Parsers,
  signal?: AbortSignal,
): Promise<Map<string, string[]>> {
  const asked = new Set(paths)
  const requests: Source[] = []
  for (const entry of await listTree(repository, commit, signal)) {
    const reader = asked.has(entry.path) ? readerOf(entry) : null
    if (reader !== null && isScript(reader)) {
      requests.push({ id: entry.id, limit: limitOf(reader), path: entry.path, reader })
    }
  }
  const readings: Promise<[string, ExportsReading]>[] = []
  const receive = (source: Source, { content }: Blob) => {
    if (content !== null) readings.push(readOne(source, content, parsers))
  }
  const blobs = await askForBlobs(repository, requests, signal)
  await blobs.take(receive, () => parsers.room())
  const found = await Promise.all(readings)
  return new Map(found.flatMap(([path, { names, fault }]) => (fault === null ? [[path, names] as const] : [])))
}

/** The bytes are there only now, and the parser gets its own. */
async function readOne({ path, reader }: Source, content: Buffer, parsers: Parsers): Promise<[string, ExportsReading]> {
  if (!isEmbedding(reader)) return [path, await parsers.exports(reader, Buffer.from(content))]
  const { language, script } = embeddedScript(reader, content.toString('utf8'))
  return [path, await parsers.exports(language, Buffer.from(script))]
}
