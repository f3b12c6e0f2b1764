import { UsageError } from '../failure.ts'

/** A request as a file says it: the first heading is the title, the rest its body. */
export type RequestText = { title: string; body: string }

/** @throws {UsageError} when there is no heading, or nothing below it. */
export function readRequest(text: string, file: string): RequestText {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const at = lines.findIndex((line) => /^#\s+\S/.test(line))
  if (at < 0) throw new UsageError(`${file} has no heading: begin it with a line such as "# Fix the greeting".`)
  const title = (lines[at] ?? '')
    .replace(/^#\s+/, '')
    .replace(/\s+#*\s*$/, '')
    .trim()
  const body = [...lines.slice(0, at), ...lines.slice(at + 1)].join('\n').trim()
  if (body === '')
    throw new UsageError(`${file} has nothing below its heading: say what to change, or put a diff block there.`)
  return { title, body: `${body}\n` }
}
