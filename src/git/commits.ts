import { gitLine, type Place } from './command.ts'
import type { Person } from './repository.ts'

/** Who commits and tags. */
const PAWL: Person = { name: 'pawl[bot]', email: 'pawl[bot]@users.noreply.github.com' }

type NewCommit = { tree: string; parents: string[]; message: string; author?: Person; at: string }
type NewTag = { name: string; target: string; message: string; at: string }

/** Writes a commit object; nothing but the input decides its sha. */
export function writeCommit(place: Place, { tree, parents, message, author = PAWL, at }: NewCommit): Promise<string> {
  const date = `@${gitDate(at)}`
  return gitLine(place, ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])], {
    input: closed(message),
    env: {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: PAWL.name,
      GIT_COMMITTER_EMAIL: PAWL.email,
      GIT_COMMITTER_DATE: date,
    },
  })
}

/** Writes the object of an annotated tag of a commit. */
export function writeTag(place: Place, { name, target, message, at }: NewTag): Promise<string> {
  const tagger = `tagger ${PAWL.name} <${PAWL.email}> ${gitDate(at)}`
  const header = [`object ${target}`, 'type commit', `tag ${name}`, tagger].join('\n')
  return gitLine(place, ['mktag'], { input: `${header}\n\n${closed(message)}` })
}

export function writeBlob(place: Place, text: string): Promise<string> {
  return gitLine(place, ['hash-object', '-w', '--stdin'], { input: text })
}

/** Git's own form of an ISO time: whole seconds, in UTC. */
function gitDate(at: string): string {
  return `${Math.floor(Date.parse(at) / 1000)} +0000`
}

const closed = (message: string): string => (message.endsWith('\n') ? message : `${message}\n`)
