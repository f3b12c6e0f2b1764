import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { CreateTree, NewTreeEntry, Sha } from './contract.ts'
import { createBlob, readObjectType } from './objects.ts'
import { git, gitFailure, tryGit } from './process.ts'
import { isTreePath } from './trees.ts'

/** A tree object from entries laid over `base`, or over nothing. */
export const createTree: CreateTree = async (repository, base, entries) => {
  const bad = entries.find((entry) => !isTreePath(entry.path))
  if (bad !== undefined) return { ok: false, reason: 'invalid-path', message: `'${bad.path}' cannot stand in a tree` }
  // An index of its own: git's own merge of paths into trees, and no other call can see it.
  const folder = await mkdtemp(join(tmpdir(), 'tree-'))
  try {
    // `read-tree --prefix` wants a work tree, though it writes none.
    const env = { GIT_INDEX_FILE: join(folder, 'index'), GIT_WORK_TREE: folder }
    return await layOver(repository, env, base, entries)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

type Answer = Awaited<ReturnType<CreateTree>>
type IndexEnvironment = { GIT_INDEX_FILE: string; GIT_WORK_TREE: string }
interface Placed {
  path: string
  mode: string
  sha: Sha | null
}

async function layOver(
  repository: string,
  env: IndexEnvironment,
  base: Sha | null,
  entries: NewTreeEntry[],
): Promise<Answer> {
  const placed = await Promise.all(entries.map((entry) => place(repository, entry)))
  const absent = await wrongObject(repository, placed)
  if (absent !== null) return { ok: false, reason: 'missing-object', message: absent }
  const start = await tryGit(repository, ['read-tree', ...(base === null ? ['--empty'] : [base])], { env })
  if (start.code !== 0) return { ok: false, reason: 'missing-object', message: `there is no tree ${base}` }
  await writeIndex(repository, env, placed)
  const tree = await tryGit(repository, ['write-tree'], { env })
  if (tree.code !== 0) throw gitFailure(['write-tree'], tree)
  return { ok: true, sha: tree.stdout.toString().trim() }
}

async function place(repository: string, entry: NewTreeEntry): Promise<Placed> {
  const sha = 'content' in entry ? await createBlob(repository, Buffer.from(entry.content)) : entry.sha
  return { path: entry.path, mode: entry.mode, sha }
}

/** Names the first entry whose object is missing or of another kind than its mode says. Gitlinks live elsewhere. */
async function wrongObject(repository: string, placed: Placed[]): Promise<string | null> {
  const checked = placed.filter((entry) => entry.sha !== null && entry.mode !== '160000')
  const types = await Promise.all(checked.map((entry) => readObjectType(repository, entry.sha ?? '')))
  const wrong = checked.find((entry, index) => types[index] !== (entry.mode === '040000' ? 'tree' : 'blob'))
  return wrong === undefined
    ? null
    : `${wrong.path}: the repository has no such object as ${wrong.sha} for mode ${wrong.mode}`
}

async function writeIndex(repository: string, env: IndexEnvironment, placed: Placed[]): Promise<void> {
  const listed = (await git(repository, ['ls-files', '-z'], { env })).toString().split('\0')
  // A removed path may be a folder, and a tree takes the place of whatever was below its path.
  const cleared = placed.filter((entry) => entry.sha === null || entry.mode === '040000').map((entry) => entry.path)
  const gone = listed.filter((file) => cleared.some((path) => file === path || file.startsWith(`${path}/`)))
  const files = placed.filter((entry) => entry.sha !== null && entry.mode !== '040000')
  const removals = gone.map((file) => `0 ${'0'.repeat(40)}\t${file}\0`)
  const additions = files.map((entry) => `${entry.mode} ${entry.sha}\t${entry.path}\0`)
  await git(repository, ['update-index', '-z', '--index-info'], { env, input: [...removals, ...additions].join('') })
  for (const entry of placed) {
    if (entry.sha === null || entry.mode !== '040000') continue
    await git(repository, ['read-tree', `--prefix=${entry.path}/`, entry.sha], { env })
  }
}
