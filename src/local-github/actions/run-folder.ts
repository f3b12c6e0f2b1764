import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

import type { LogPath } from './contract.ts'

const run = promisify(execFile)

/** Where a job works: each folder is its own, and `id` is random and part of every path. */
export interface JobFolder {
  id: string
  root: string
  /** Where the repository is checked out: `GITHUB_WORKSPACE`. */
  workspace: string
  temp: string
  tools: string
  home: string
  /** Scripts and command files of the steps, apart from `temp`, which steps may empty. */
  files: string
}

/** The file with a job's whole log. */
export const logPath: LogPath = (workDirectory, jobKey) => join(workDirectory, 'logs', `${fileName(jobKey)}.log`)

/** The folder of an artifact's files. */
export function artifactFolder(workDirectory: string, name: string): string {
  return join(artifactsFolder(workDirectory), fileName(name))
}

/** Where the artifacts of a run are, one folder each. */
export function artifactsFolder(workDirectory: string): string {
  return join(workDirectory, 'artifacts')
}

/** Where the folders of a run's living jobs are, named by their ids. */
export function jobsFolder(workDirectory: string): string {
  return join(workDirectory, 'jobs')
}

/** Makes the folders of a job of `repository` (its name without the owner). */
export async function makeJobFolder(workDirectory: string, repository: string): Promise<JobFolder> {
  const id = randomUUID()
  const root = join(jobsFolder(workDirectory), id)
  const folder = {
    id,
    root,
    workspace: join(root, repository, repository),
    temp: join(root, '_temp'),
    tools: join(root, '_tool'),
    home: join(root, 'home'),
    files: join(root, '_steps'),
  }
  // Step scripts hold secrets.
  await mkdir(root, { recursive: true, mode: 0o700 })
  await Promise.all(
    [folder.workspace, folder.temp, folder.files, folder.tools, folder.home].map((path) => mkdirs(path)),
  )
  return folder
}

/** Removes all that a job left on the disk but its log and artifacts. */
export async function removeJobFolder(folder: Pick<JobFolder, 'root'>): Promise<void> {
  try {
    await rm(folder.root, { recursive: true, force: true, maxRetries: 3 })
  } catch {
    // Some tools, such as Go's module cache, leave folders that nobody may write to.
    await run('chmod', ['-R', 'u+rwX', folder.root])
    await rm(folder.root, { recursive: true, force: true, maxRetries: 3 })
  }
}

async function mkdirs(path: string): Promise<void> {
  await mkdir(path, { recursive: true })
}

/** The name of the artifact whose folder is called so. */
export function artifactName(folder: string): string {
  return decodeURIComponent(folder)
}

/** A text as one path component: what could leave the folder or clash without case is written as `%XX`. */
function fileName(text: string): string {
  const escaped = text.toWellFormed().replace(/[^\w.@+=, ()[\]-]/gu, (character) => encodeURIComponent(character))
  return /^\.+$/.test(escaped) ? escaped.replaceAll('.', '%2E') : escaped.replaceAll('*', '%2A')
}
