import { access, mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Answer, failure, git, type Place, tryGit } from './command.ts'
import { GitFailure } from './failure.ts'
import { besides, discard, removeLeftovers, removeLocks, removeStrays } from './leftovers.ts'
import { fetchFrom } from './network.ts'
import type { Objects } from './objects.ts'
import type { Remote } from './repository.ts'
import { createTurns, type Turns } from './turns.ts'

/** The life of one mirror. */
export type Mirror = {
  /** Resolves when there is a sound mirror to read from. */
  ready(): Promise<void>
  fetch(refs?: string[]): Promise<void>
  /** One after the other, what writes refs. A lock that a killed git left is removed and the work tried once more. */
  inTurn: Turns
  /** Whether a failure shows that the mirror is broken; if so, the next `ready` makes it anew. */
  suspect(error: unknown): boolean
}

/** What is mirrored: the branches, and what the app itself keeps at the remote. */
const MIRRORED = ['+refs/heads/*:refs/heads/*', '+refs/pawl/*:refs/pawl/*', '+refs/tags/pawl/*:refs/tags/pawl/*']

/** How often git looks whether a mirror has many loose objects or packs, ms. */
const TIDY_MS = 10 * 60_000

/** Bytes are stored and compared as they are, whatever a repository's own .gitattributes say; these take precedence. */
const ATTRIBUTES =
  '* -text !crlf !eol !ident !filter !working-tree-encoding !diff !merge !conflict-marker-size !whitespace\n'

/**
 * The mirror at `place`, which this process alone uses. It appears whole by a rename; what a kill or a fault of the disk
 * left of it is thrown away and made again, for all that matters is at the remote.
 */
export function createMirror(place: Place, objects: Objects, remote: () => Remote): Mirror {
  const turns = createTurns()
  let opened: Promise<void> | null = null
  let broken = false
  let tidyAfter = Date.now() + TIDY_MS

  const inTurn: Turns = (work) =>
    turns(async () => {
      try {
        return await work()
      } catch (error) {
        if (!isLocked(error)) throw error
        await removeLocks(place.path)
        return work()
      }
    })

  /** Throws the mirror away and makes it anew, outside of `inTurn`. */
  const remake = async (): Promise<void> => {
    objects.close()
    await discard(place.path)
    await make(place, remote())
    broken = false
  }

  const open = async (): Promise<void> => {
    await removeStrays(place.path)
    if (!broken && (await exists(place.path))) {
      await removeLeftovers(place.path)
      if (await isSound(place)) return
    }
    await remake()
  }

  const ready = (): Promise<void> => {
    opened ??= inTurn(open).catch((error: unknown) => {
      opened = null
      throw error
    })
    return opened
  }

  const suspect = (error: unknown): boolean => {
    if (!isBroken(error)) return false
    broken = true
    opened = null
    return true
  }

  return {
    ready,
    inTurn,
    suspect,
    async fetch(refs) {
      const first = opened === null && !(await exists(place.path))
      await ready()
      // A mirror made this moment has all there is.
      if (first && refs === undefined) return
      try {
        await inTurn(() => (refs ? fetchRefs(place, remote(), refs) : fetchAll(place, remote())))
      } catch (error) {
        if (!suspect(error)) throw error
        await ready()
      }
      if (Date.now() < tidyAfter) return
      tidyAfter = Date.now() + TIDY_MS
      // Housekeeping; what it cannot do now it will try again after a later fetch.
      await inTurn(() => tryGit(place, ['gc', '--auto', '--quiet']))
    },
  }
}

async function make(place: Place, remote: Remote): Promise<void> {
  const scratch: Place = { path: besides(place.path), name: place.name }
  await mkdir(join(scratch.path, 'info'), { recursive: true })
  try {
    await git(scratch, ['init', '--bare', '--quiet', '--template=', '--initial-branch=main'])
    await writeFile(join(scratch.path, 'info', 'attributes'), ATTRIBUTES)
    await fetchAll(scratch, remote)
    await rename(scratch.path, place.path)
  } finally {
    await discard(scratch.path)
  }
}

async function fetchAll(place: Place, remote: Remote): Promise<void> {
  expectFetched(place, await fetchFrom(place, remote, MIRRORED))
}

/** A named ref that is gone at the remote goes here too; git refuses such a fetch as a whole, so the rest is fetched again. */
async function fetchRefs(place: Place, remote: Remote, refs: string[]): Promise<void> {
  if (refs.length === 0) return
  const answer = await fetchFrom(
    place,
    remote,
    refs.map((ref) => `+${ref}:${ref}`),
  )
  const gone = /couldn't find remote ref (\S+)/.exec(answer.stderr)?.[1]
  if (gone === undefined || !refs.includes(gone)) return expectFetched(place, answer)
  await git(place, ['update-ref', '-d', gone])
  await fetchRefs(
    place,
    remote,
    refs.filter((ref) => ref !== gone),
  )
}

function expectFetched(place: Place, answer: Answer): void {
  if (answer.code !== 0) throw failure(place, ['fetch'], answer.stderr)
}

/** Whether git can follow every ref to its object, which fails for a torn ref, object, pack or configuration. */
async function isSound(place: Place): Promise<boolean> {
  const format = '--format=%(objecttype) %(tree)'
  const answer = await tryGit(place, ['for-each-ref', format])
  // Of an empty ref git only warns.
  return answer.code === 0 && answer.stderr === ''
}

const isLocked = (error: unknown): boolean => error instanceof GitFailure && /\.lock'?: File exists/.test(error.message)

/** Git's words for a repository that lacks a part of itself, or cannot read it. What the remote says of itself is not meant. */
const BROKEN =
  /^(?!remote:).*(corrupt|not a git repository|directory that does not exist|missing (blob|tree|commit|object)|unable to (read|parse) (tree|object|commit|[0-9a-f]{40})|inflate: data stream error|bad object|broken (ref|link)|does not point to a valid object|did not send all necessary objects|file too (short|small)|bad signature)/m

const isBroken = (error: unknown): boolean => error instanceof GitFailure && BROKEN.test(error.message)

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
