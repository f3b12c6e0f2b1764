import type {
  IsAncestor,
  ListRefs,
  ObjectType,
  ReadRef,
  Ref,
  RefChange,
  RefWritten,
  ResolveCommit,
  WriteRefs,
} from './contract.ts'
import { readObjectInfo } from './object-reader.ts'
import { git, gitFailure, tryGit } from './process.ts'
import { readRefFile } from './ref-files.ts'
import { isRefName, isSha } from './ref-name.ts'

const format = '%(refname)%00%(objectname)%00%(objecttype)%00%(*objectname)'

/** What a full ref name points at, or null. */
export const readRef: ReadRef = async (repository, name) => {
  const sha = isRefName(name) ? await readRefFile(repository, name) : null
  const object = sha === null ? null : await readObjectInfo(repository, sha)
  if (object === null) return null
  const peeled = object.type === 'tag' ? await readObjectInfo(repository, `${object.sha}^{}`) : object
  return { name, sha: object.sha, type: object.type, peeled: peeled?.sha ?? object.sha }
}

/** Refs whose full name starts with `prefix`, by name. */
export const listRefs: ListRefs = async (repository, prefix) => {
  // Git matches whole path components; the rest of the prefix is held against the names here.
  const folder = prefix.slice(0, prefix.lastIndexOf('/'))
  if (folder !== 'refs' && !isRefName(`${folder}/x`)) return []
  const refs = await forEachRef(repository, folder)
  return refs.filter((ref) => ref.name.startsWith(prefix))
}

/** GitHub's `ref` parameters: a sha (also abbreviated), `main`, `v1`, `heads/main`, `refs/…`, `HEAD` → the commit. */
export const resolveCommit: ResolveCommit = async (repository, revision) => {
  const names = [revision, `refs/${revision}`, `refs/heads/${revision}`, `refs/tags/${revision}`].filter(isRefName)
  // A full sha goes before a ref of that name, an abbreviated one after it.
  const candidates = isSha(revision) ? [revision] : revision === 'HEAD' ? ['HEAD'] : names
  if (/^[\da-f]{4,39}$/.test(revision)) candidates.push(revision)
  const found = await Promise.all(candidates.map((candidate) => readObjectInfo(repository, `${candidate}^{commit}`)))
  return found.find((commit) => commit !== null)?.sha ?? null
}

/** True when `ancestor` can be reached from `descendant`. */
export const isAncestor: IsAncestor = async (repository, ancestor, descendant) => {
  const args = ['merge-base', '--is-ancestor', '--end-of-options', ancestor, descendant]
  const output = await tryGit(repository, args)
  if (output.code > 1) throw gitFailure(args, output)
  return output.code === 0
}

/** Compare-and-swap of one or more refs, all or none. */
export const writeRefs: WriteRefs = async (repository, ...changes) => {
  for (const { name, before, after } of changes) {
    if (!isRefName(name))
      return { ok: false, reason: 'invalid-name', message: `'${name}' is not a well-formed ref name` }
    for (const sha of [before, after]) {
      if (sha !== null && !isSha(sha)) return { ok: false, reason: 'missing-object', message: `'${sha}' is not a sha` }
    }
  }
  const input = ['start', ...changes.map(instruction), 'commit', ''].join('\n')
  const output = await tryGit(repository, ['update-ref', '--stdin'], { input })
  return output.code === 0 ? { ok: true } : refusal(repository, changes, output.stderr)
}

function instruction({ name, before, after }: RefChange): string {
  if (after === null) return before === null ? `verify ${name}` : `delete ${name} ${before}`
  return before === null ? `create ${name} ${after}` : `update ${name} ${after} ${before}`
}

/** Git's message is for people; the reason is found by looking. */
async function refusal(repository: string, changes: RefChange[], stderr: string): Promise<RefWritten> {
  for (const change of changes) {
    const actual = (await readRef(repository, change.name))?.sha ?? null
    if (actual !== change.before)
      return { ok: false, reason: 'conflict', actual, message: conflictText(change, actual) }
  }
  if (/nonexistent object|non-commit object|not a valid SHA1|bad object/i.test(stderr)) {
    return { ok: false, reason: 'missing-object', message: stderr }
  }
  if (/' exists; cannot create|refs? with (the same|conflicting)/.test(stderr)) {
    return { ok: false, reason: 'invalid-name', message: stderr }
  }
  // Another writer held the ref's lock, or moved the ref there and back: the caller was not the one.
  const first = changes[0]
  if (first !== undefined && /cannot lock ref|Unable to create|but expected/.test(stderr)) {
    return { ok: false, reason: 'conflict', actual: first.before, message: stderr }
  }
  throw gitFailure(['update-ref'], { code: 128, stderr })
}

function conflictText({ name, before }: RefChange, actual: string | null): string {
  if (before === null) return `${name} already exists`
  return actual === null ? `${name} does not exist` : `${name} is at ${actual}, not at ${before}`
}

async function forEachRef(repository: string, pattern: string): Promise<Ref[]> {
  const output = await git(repository, ['for-each-ref', `--format=${format}`, pattern])
  const lines = output.toString().split('\n').filter(Boolean)
  return lines.map((line) => {
    const [name = '', sha = '', type = '', peeled = ''] = line.split('\0')
    return { name, sha, type: type as ObjectType, peeled: peeled || sha }
  })
}
