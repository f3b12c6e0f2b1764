import { failure, git, type Place } from './command.ts'
import { ADDRESS, lookAtRemote, onNetwork } from './network.ts'
import type { Pushed, Remote, RefUpdate } from './repository.ts'

/**
 * Moves all refs at the remote or none, each only from where it is expected. On a refusal the remote itself is asked how
 * things stand, since an earlier push may have arrived whose answer was lost.
 */
export async function pushUpdates(place: Place, remote: Remote, updates: RefUpdate[]): Promise<Pushed> {
  if (updates.length === 0) return { ok: true }
  const leases = updates.map(({ ref, expect }) => `--force-with-lease=${ref}:${expect ?? ''}`)
  const refspecs = updates.map(({ ref, to }) => `${to ?? ''}:${ref}`)
  const args: ['push', ...string[]] = [
    'push',
    '--atomic',
    '--porcelain',
    '--no-verify',
    ...leases,
    ADDRESS,
    ...refspecs,
  ]
  const answer = await onNetwork(place, remote, args)
  if (answer.code === 0) return { ok: true }

  const now = await lookAtRemote(
    place,
    remote,
    updates.map(({ ref }) => ref),
  )
  const open = updates.filter(({ ref, to }) => (now.get(ref) ?? null) !== to)
  if (open.length === 0) return { ok: true }
  const moved = open.find(({ ref, expect }) => (now.get(ref) ?? null) !== expect)
  if (moved) return { ok: false, why: 'moved', ref: moved.ref, message: describeMove(moved, now.get(moved.ref)) }
  // Some are so already; git held them to their old place and refused the rest with them.
  if (open.length < updates.length) return pushUpdates(place, remote, open)
  const refusal = findRefusal(answer.stdout.toString())
  if (refusal === null && !/error: 403|denied|not authorized/i.test(answer.stderr)) {
    throw failure(place, args, answer.stderr)
  }
  return { ok: false, why: 'refused', ref: refusal?.ref ?? null, message: inItsWords(answer.stderr, refusal?.reason) }
}

/** Moves the mirror's own refs as the remote's were moved, so that nobody reads old ones until the next fetch. */
export async function followPush(place: Place, updates: RefUpdate[]): Promise<void> {
  const mirrored = updates.filter(({ ref }) => /^refs\/(heads|pawl|tags\/pawl)\//.test(ref))
  const lines = mirrored.map(({ ref, to }) => (to === null ? `delete ${ref}\n` : `update ${ref} ${to}\n`))
  await git(place, ['update-ref', '--stdin'], { input: lines.join('') })
}

function describeMove({ ref, expect }: RefUpdate, now: string | undefined): string {
  const expected = expect === null ? 'not to exist' : `at ${expect}`
  return `${ref} was expected ${expected}, and ${now === undefined ? 'does not exist' : `is at ${now}`}.`
}

/** The first ref that was refused for its own sake: the others of an atomic push fall with it. */
function findRefusal(porcelain: string): { ref: string; reason: string } | null {
  for (const line of porcelain.split('\n')) {
    const [flag, names = '', summary = ''] = line.split('\t')
    if (flag === '!' && !/atomic (push|transaction) failed/.test(summary)) {
      return { ref: names.slice(names.indexOf(':') + 1), reason: summary }
    }
  }
  return null
}

/** What the remote said; without a word from it, git's summary. */
function inItsWords(stderr: string, reason: string | undefined): string {
  const remote = stderr.split('\n').flatMap((line) => /^remote: ?(.*\S)\s*$/.exec(line)?.[1] ?? [])
  return [...remote, ...(reason === undefined ? [] : [reason])].join('\n') || stderr
}
