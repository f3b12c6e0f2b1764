import { z } from 'zod'
import type { Json } from '../model.ts'

/** What a comment is; with the codename it identifies a comment, so that a repeated step finds what it already wrote. */
export type CommentKind =
  | 'status'
  | 'plan'
  | 'blocked'
  | 'questions'
  | 'config-faults'
  | 'refusal'
  | 'reply'
  | 'reminder'
  | 'ending'
  | 'change-report'
  | 'failure-report'
  | 'certificate'
  | 'receipt'
  | 'call-for-help'
  | 'pull-request'
  | 'handover'

export type Marker = { kind: string; codename: string; extra: Record<string, Json> }

const Read = z.looseObject({ kind: z.string().min(1), codename: z.string() })

/** The hidden first line of a comment. Nothing in it can end the HTML comment early. */
export function markerOf(kind: CommentKind, codename: string, extra: Record<string, Json> = {}): string {
  const json = JSON.stringify(Object.assign({ kind, codename }, extra, { kind, codename }))
    .replaceAll('--', '-\\u002d')
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
  return `<!-- pawl ${json} -->`
}

/** Reads the marker of a comment, `null` without one. Anybody can write one: ask who the comment's author is as well. */
export function readMarker(body: string): Marker | null {
  const line = body.split('\n', 1)[0]?.trimEnd() ?? ''
  const match = /^<!-- pawl (\{.*\}) -->$/.exec(line)
  if (match?.[1] === undefined) return null
  try {
    const read = Read.safeParse(JSON.parse(match[1]))
    if (!read.success) return null
    const { kind, codename, ...extra } = read.data
    return { kind, codename, extra: extra as Record<string, Json> }
  } catch {
    return null
  }
}
