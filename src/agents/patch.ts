import type { TaskSource } from '../model.ts'
import type { Agent, ChangeResult } from './agent.ts'
import { whyHunk } from './why-hunk.ts'
import { writeFiles } from './write-files.ts'

/** A hunk of a diff that does not apply; `line` is the line in the file where it was meant to go. */
type FailedHunk = { path: string; line: number | null; message: string }

/** Applies a unified diff to the files below a directory, all of it or nothing. */
export type Apply = (dir: string, diff: string) => Promise<{ ok: true } | { ok: false; hunks: FailedHunk[] }>

/** Makes exactly the change that the request shows: a diff, or whole files. */
export function patchAgent(apply: Apply): Agent {
  return {
    name: 'patch',
    exact: true,
    accepts: ({ source }) => source.kind === 'diff' || source.kind === 'files',
    async change({ task }, retry, { workspace }) {
      if (retry !== null) {
        return failed(
          'the change was made exactly as the request shows it, so making it again would change nothing',
          'Correct the diff or the files in the issue, then comment /retry.',
        )
      }
      return make(task.source, workspace, apply)
    },
  }
}

async function make(source: TaskSource, workspace: string, apply: Apply): Promise<ChangeResult> {
  if (source.kind === 'diff') {
    const applied = await apply(workspace, source.diff)
    if (applied.ok) return { state: 'done', summary: 'applied the diff of the request' }
    const reasons = await Promise.all(applied.hunks.map((hunk) => describe(workspace, source.diff, hunk)))
    return failed(
      `the diff does not apply: ${reasons.join('; ')}`,
      'Make the diff anew against the head of the default branch and put it into the issue.',
    )
  }
  if (source.kind === 'files') {
    const written = await writeFiles(workspace, source.files)
    if (written.ok) return { state: 'done', summary: `wrote ${source.files.length} files of the request` }
    return failed(
      written.refused.map(({ path, why }) => `${path} cannot be written: ${why}`).join('; '),
      'Name other paths in the issue.',
    )
  }
  return failed(`the patch agent cannot make a change from ${source.kind}`, 'Put a diff or whole files into the issue.')
}

async function describe(workspace: string, diff: string, { path, line, message }: FailedHunk): Promise<string> {
  if (line === null) return path === '' ? message : `${path}: ${message}`
  if (path === '') return message
  const why = await whyHunk(workspace, diff, path, line)
  return why === null ? `${path}, line ${line}: ${message}` : `${path}, hunk at line ${line}: ${why}`
}

function failed(reason: string, remedy: string): ChangeResult {
  return { state: 'failed', reason, remedy, retryable: false }
}
