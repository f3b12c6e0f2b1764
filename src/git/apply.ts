import { failure, type CommandOptions, type Place, tryGit } from './command.ts'
import type { Applied, FailedHunk } from './repository.ts'

/** Applies a unified diff in the directory that `at` names; whole or not at all. */
export async function applyDiff(place: Place, diff: string, at: CommandOptions): Promise<Applied> {
  const args = ['apply', '--whitespace=nowarn', '-']
  const answer = await tryGit(place, args, { ...at, input: diff.endsWith('\n') ? diff : `${diff}\n` })
  if (answer.code === 0) return { ok: true }
  const hunks = readComplaints(answer.stderr)
  if (hunks.length === 0) throw failure(place, args, answer.stderr || `exit code ${answer.code}`)
  return { ok: false, hunks }
}

/**
 * The complaints of `git apply`, in its own words:
 * `error: patch failed: <path>:<line>`, after which `<path>: patch does not apply` repeats it,
 * `error: corrupt patch at line <line>` and `error: … on line <line>` about the patch itself,
 * `error: <path>: <words>` about a file, and `error: <words>` about anything else.
 */
function readComplaints(stderr: string): FailedHunk[] {
  const hunks: FailedHunk[] = []
  const failed = new Set<string>()
  for (const line of stderr.split('\n')) {
    const words = /^error: (.+)$/.exec(line)?.[1]
    if (words === undefined) continue
    const hunk = /^patch failed: (.+):(\d+)$/.exec(words)
    if (hunk) {
      const [, path = '', at = ''] = hunk
      failed.add(path)
      hunks.push({ path, line: Number(at), message: 'patch does not apply' })
      continue
    }
    const inPatch = /^patch fragment without header at line (\d+)|\b(?:at|on) line (\d+)$|\(line (\d+)\)$/.exec(words)
    if (inPatch) {
      const at = inPatch.slice(1).find((group) => group !== undefined)
      hunks.push({ path: '', line: Number(at), message: words })
      continue
    }
    const about = aboutFile(words)
    if (!(failed.has(about.path) && about.message === 'patch does not apply')) hunks.push(about)
  }
  return hunks
}

function aboutFile(words: string): FailedHunk {
  const [, quoted] = /^(?:invalid path|affected file) '(.+)'/.exec(words) ?? []
  if (quoted !== undefined) return { path: quoted, line: null, message: words }
  const [, path = '', message = words] = /^(.+): ([^:]+)$/.exec(words) ?? []
  return { path, line: null, message }
}
