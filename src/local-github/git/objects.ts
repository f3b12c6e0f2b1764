import type { CreateBlob, CreateTag, ObjectType, ReadBlob, ReadObjectType, ReadTag } from './contract.ts'
import { readObject, readObjectInfo } from './object-reader.ts'
import { GitError, git, gitFailure, tryGit } from './process.ts'
import { isRefName } from './ref-name.ts'
import { formatSignature, parseSignature } from './signature.ts'

/** The kind of an object, or null when the repository does not have it. */
export const readObjectType: ReadObjectType = async (repository, sha) => {
  return (await readObjectInfo(repository, sha))?.type ?? null
}

/** A blob's bytes, or null. */
export const readBlob: ReadBlob = async (repository, sha) => {
  const object = await readObject(repository, sha)
  return object?.type === 'blob' ? object.content : null
}

/** Stores bytes as a blob. */
export const createBlob: CreateBlob = async (repository, content) => {
  const sha = await git(repository, ['hash-object', '-w', '--stdin', '--no-filters'], { input: content })
  return sha.toString().trim()
}

/** An annotated tag object, or null. */
export const readTag: ReadTag = async (repository, sha) => {
  const object = await readObject(repository, sha)
  if (object?.type !== 'tag') return null
  const text = object.content.toString()
  const end = text.indexOf('\n\n')
  const header = (end < 0 ? text : text.slice(0, end)).split('\n')
  const value = (key: string) => header.find((line) => line.startsWith(`${key} `))?.slice(key.length + 1)
  const tagger = value('tagger')
  return {
    sha: object.sha,
    name: value('tag') ?? '',
    message: end < 0 ? '' : text.slice(end + 2).replace(/\n+$/, ''),
    tagger: tagger === undefined ? null : parseSignature(tagger),
    target: { sha: value('object') ?? '', type: value('type') as ObjectType },
  }
}

/** An annotated tag object; no ref is written. Null when the target is missing. */
export const createTag: CreateTag = async (repository, { name, message, tagger, target }) => {
  if (!isRefName(`refs/tags/${name}`)) throw new GitError(`'${name}' is no name for a tag`)
  const type = await readObjectType(repository, target)
  if (type === null) return null
  const header = `object ${target}\ntype ${type}\ntag ${name}\ntagger ${formatSignature(tagger)}\n`
  const output = await tryGit(repository, ['mktag'], { input: `${header}\n${message.replace(/\n*$/, '\n')}` })
  if (output.code !== 0) throw gitFailure(['mktag'], output)
  return output.stdout.toString().trim()
}
