import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'

import type { WorkflowFile } from './actions/contract.ts'
import type { WorkflowRecord } from './code-records.ts'
import type { World } from './contract.ts'
import { readObjects } from './git/batch.ts'
import type { BareRepository, Sha } from './git/contract.ts'
import { readRef } from './git/refs.ts'
import { listTree } from './git/trees.ts'
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
  const entries = (await listTree(directory, `${sha}:${FOLDER}`, false)) ?? []
  const files = entries.filter(({ type, path }) => type === 'blob' && /\.ya?ml$/.test(path))
  const blobs = await readObjects(
    directory,
    files.map((file) => file.sha),
  )
  const read = files.map(({ path }, index) => ({
    path: `${FOLDER}/${path}`,
    text: blobs[index]?.content.toString() ?? '',
  }))
  const [oldest] = known.keys()
  if (known.size >= REMEMBERED && oldest !== undefined) known.delete(oldest)
  known.set(key, read)
  return read
}

/** Where a branch is, read from its file where git keeps it in one: issues and comments ask for this often. */
export async function branchTip(directory: BareRepository, branch: string): Promise<Sha | null> {
  const text = await readFile(join(directory, 'refs/heads', branch), 'utf8').catch(() => '')
  const loose = /^[\da-f]{40}$/m.exec(text)?.[0]
  return loose ?? (await readRef(directory, `refs/heads/${branch}`))?.sha ?? null
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
