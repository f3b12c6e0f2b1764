import type { Agent } from './agent.ts'

/** A hunk of a diff that does not apply; `line` is the line in the file where it was meant to go. */
export type FailedHunk = { path: string; line: number | null; message: string }

/** Applies a unified diff to the files below a directory, all of it or nothing. */
export type Apply = (dir: string, diff: string) => Promise<{ ok: true } | { ok: false; hunks: FailedHunk[] }>

/** Makes exactly the change that the request shows: a diff, or whole files. */
export function patchAgent(_apply: Apply): Agent {
  throw new Error('not written yet')
}
