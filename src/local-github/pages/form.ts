import type { IncomingMessage } from 'node:http'

/** A comment of the longest kind, each character escaped. */
const LARGEST = 1024 * 1024

/** The fields of a sent form; null when it is too large or no form. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams | null> {
  const chunks: Buffer[] = []
  let size = 0
  // Read to the end in any case: an answer to a half-read request breaks the connection.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= LARGEST) chunks.push(chunk)
  }
  const isForm = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
  return isForm && size <= LARGEST ? new URLSearchParams(Buffer.concat(chunks).toString()) : null
}

/** A field as the browser sent it: lines end with CRLF, as in what GitHub keeps of its own forms. Empty when absent. */
export function field(form: URLSearchParams, name: string): string {
  return form.get(name) ?? ''
}
