import { embeddedScript } from './javascript/embedded.ts'
import { embeddingOf, languageOf } from './javascript/language.ts'
import type { Parsers } from './javascript/parsers.ts'
import type { ExportsReading } from './javascript/reading.ts'
import { largestSource } from './reading.ts'
import { readBlobs } from './repository/blobs.ts'
import type { Blob } from './repository/blobs.ts'
import { listTree } from './repository/tree.ts'

/** The names that files of a commit export; see `Mapper.exportsOf`. */
export async function exportsAt(
  repository: string,
  commit: string,
  paths: string[],
  parsers: Parsers,
  signal?: AbortSignal,
): Promise<Map<string, string[]>> {
  const asked = new Set(paths)
  const entries = (await listTree(repository, commit, signal)).filter(
    ({ path, kind }) => asked.has(path) && kind === 'file',
  )
  const sources = entries.filter(({ path }) => languageOf(path) !== null || embeddingOf(path) !== null)
  const readings: Promise<[string, ExportsReading]>[] = []
  const requests = sources.map(({ id, path }) => ({ id, path, limit: largestSource }))
  const receive = ({ path }: { path: string }, { content }: Blob) => {
    // The bytes are there only now.
    if (content !== null) readings.push(readOne(path, Buffer.from(content), parsers))
  }
  await readBlobs(repository, requests, receive, { room: () => parsers.room(), signal })
  const found = await Promise.all(readings)
  return new Map(found.flatMap(([path, { names, fault }]) => (fault === null ? [[path, names] as const] : [])))
}

async function readOne(path: string, content: Buffer, parsers: Parsers): Promise<[string, ExportsReading]> {
  const language = languageOf(path)
  if (language !== null) return [path, await parsers.exports(language, content)]
  const embedding = embeddingOf(path)
  if (embedding === null) return [path, { names: [], fault: 'neither JavaScript nor TypeScript' }]
  const script = embeddedScript(embedding, content.toString('utf8'))
  return [path, await parsers.exports(script.language, Buffer.from(script.script))]
}
