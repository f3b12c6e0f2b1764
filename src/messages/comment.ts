import type { Json } from '../model.ts'
import { limit } from './limit.ts'
import { markerOf, type CommentKind } from './marker.ts'

/** A whole comment: its marker, then the parts that there are, with a blank line between them, within GitHub's limit. */
export function comment(
  kind: CommentKind,
  codename: string,
  parts: readonly (string | null)[],
  extra: Record<string, Json> = {},
): string {
  const body = joined(parts)
  return limit(`${markerOf(kind, codename, extra)}\n${body}\n`)
}

/** Parts with a blank line between them; `null` and empty ones are left out. */
export function joined(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== '').join('\n\n')
}
