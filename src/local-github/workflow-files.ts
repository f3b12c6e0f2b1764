import { parse } from 'yaml'

import type { WorkflowFile } from './actions/contract.ts'
import type { WorkflowRecord } from './code-records.ts'
import type { World } from './contract.ts'
import type { BareRepository, Sha } from './git/contract.ts'
import { readBlob } from './git/objects.ts'
import { entryAt, listTree } from './git/trees.ts'
import type { RepositoryRecord } from './records.ts'

const FOLDER = '.github/workflows'
const REMEMBERED = 500

/** Commits never change, so what was read once holds. */
const known = new Map<string, WorkflowFile[]>()

/** The workflow files of a commit, by path. */
export async function workflowFiles(directory: BareRepository, sha: Sha): Promise<WorkflowFile[]> {
  const key = `${directory} ${sha}`
  const before = known.get(key)
  if (before !== undefined) return before
  const folder = await entryAt(directory, sha, FOLDER)
  const entries = folder === null ? null : await listTree(directory, folder.sha, false)
  const files = (entries ?? []).filter(({ type, path }) => type === 'blob' && /\.ya?ml$/.test(path))
  const read = await Promise.all(
    files.map(async ({ path, sha: blob }) => {
      const content = await readBlob(directory, blob)
      return { path: `${FOLDER}/${path}`, text: content?.toString() ?? '' }
    }),
  )
  const [oldest] = known.keys()
  if (known.size >= REMEMBERED && oldest !== undefined) known.delete(oldest)
  known.set(key, read)
  return read
}

/** The record of a workflow, made where missing and renamed where its file now says otherwise. */
export function ensureWorkflow(world: World, repository: RepositoryRecord, path: string, name: string): WorkflowRecord {
  const found = world.store.list('workflow', repository.id).find((workflow) => workflow.path === path)
  if (found?.name === name) return found
  const now = world.now()
  const begun = found ?? { id: world.id(), repositoryId: repository.id, path, createdAt: now }
  return world.store.put('workflow', { ...begun, name, updatedAt: now })
}

/** `name:` of a workflow file, or its path. */
export function workflowName({ path, text }: WorkflowFile): string {
  try {
    const { name } = parse(text) as { name?: unknown }
    return typeof name === 'string' && name !== '' ? name : path
  } catch {
    // An invalid file has the name of its path, and its run says what is wrong.
    return path
  }
}
