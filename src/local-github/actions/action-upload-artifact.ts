import { createHash } from 'node:crypto'
import { cp, mkdir, rm } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'

import { isBelow, searchFiles } from './file-search.ts'
import type { FoundFile } from './file-search.ts'
import { artifactFolder, artifactsFolder } from './run-folder.ts'
import type { StepResult, StepRun } from './step-run.ts'

/** `actions/upload-artifact`: name, path, if-no-files-found, overwrite, include-hidden-files. */
export async function uploadArtifact(run: StepRun, inputs: Record<string, string>): Promise<StepResult> {
  const { job, number, outputs } = run
  const { request, folder } = job
  const name = inputs['name'] || 'artifact'
  if (/["<>|*?:\r\n\\/]/.test(name)) {
    return { error: `The artifact name is not valid: ${name}. It may not hold any of " < > | * ? : \\ /` }
  }
  const patterns = inputs['path'] ?? ''
  if (patterns.trim() === '') return { error: 'Input required and not supplied: path' }
  const withHidden = inputs['include-hidden-files'] === 'true'
  const files = searchFiles(folder.workspace, patterns).filter((file) => withHidden || !isHidden(file))
  if (files.length === 0) return nothingFound(run, inputs['if-no-files-found'] ?? 'warn', patterns.trim())
  const target = artifactFolder(request.workDirectory, name)
  if (inputs['overwrite'] === 'true') await rm(target, { recursive: true, force: true })
  await mkdir(artifactsFolder(request.workDirectory), { recursive: true })
  if (!(await makeNew(target))) {
    return { error: `An artifact with the name ${name} already exists in this run. Give each one a name of its own.` }
  }
  const root = commonRoot(files)
  for (const { path } of files) {
    const to = join(target, relative(root, path))
    await mkdir(dirname(to), { recursive: true })
    await cp(path, to)
  }
  const id = String(createHash('sha256').update(`${request.runId}/${name}`).digest().readUInt32BE())
  outputs['artifact-id'] = id
  outputs['artifact-url'] = `${request.serverUrl}/${request.fullName}/actions/runs/${request.runId}/artifacts/${id}`
  job.log.write(number, `Artifact ${name}: ${files.length} ${files.length === 1 ? 'file' : 'files'}`)
  return 'success'
}

function nothingFound({ job, number, output }: StepRun, then: string, patterns: string): StepResult {
  const message = `No files were found with the provided path: ${patterns}. No artifacts will be uploaded.`
  if (then === 'error') return { error: message }
  if (then === 'ignore') job.log.write(number, message)
  else output.onLine(`::warning::${message.replaceAll('%', '%25').replaceAll('\n', '%0A')}`)
  return 'success'
}

/** Hidden files are left out by default, and all that is in a hidden folder, also when a pattern names it. */
function isHidden({ path, searchPath }: FoundFile): boolean {
  return relative(dirname(searchPath), path)
    .split('/')
    .some((part) => part.startsWith('.'))
}

/** What paths in the artifact count from: where the searches began, or the deepest folder above all of them. */
function commonRoot(files: FoundFile[]): string {
  const starts = files.map(({ path, searchPath }) => (path === searchPath ? dirname(path) : searchPath))
  const [first = '/'] = starts
  return starts.reduce((root, start) => {
    let common = root
    while (common !== start && !isBelow(start, common)) common = dirname(common)
    return common
  }, first)
}

async function makeNew(folder: string): Promise<boolean> {
  try {
    await mkdir(folder)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}
