import { matchGlobs } from '../configuration/globs.ts'
import type { DockerReading } from '../configuration/dockerfile.ts'
import type { WorkflowReading } from '../configuration/workflow.ts'
import { pathsInCommand } from '../configuration/commands.ts'
import type { Files } from './files.ts'
import { directoryOf, inDirectory, joinPath, within } from './paths.ts'

/** Bounds what a hostile Dockerfile can blow up. */
const mostCopied = 20_000

/** The files that the scripts of a package.json name. */
export function filesOfScripts(path: string, scripts: string[], files: Files): string[] {
  const directory = directoryOf(path)
  return scripts.flatMap(pathsInCommand).flatMap((word) => named(word, directory, files) ?? [])
}

/** The files that a workflow names: scripts, other workflows, actions, and the package.json whose scripts it runs. */
export function filesOfWorkflow(path: string, reading: WorkflowReading, files: Files): string[] {
  const directories = ['', ...reading.directories]
  // An action's own files are named from where it is.
  if (!path.startsWith('.github/workflows/')) directories.push(directoryOf(path))
  const found = directories.flatMap((directory) =>
    reading.words.flatMap((word) => named(word, directory, files) ?? actionAt(word, directory, files) ?? []),
  )
  const manifests = directories.flatMap((directory) => joinPath(directory, 'package.json') ?? [])
  return reading.packageManager ? [...found, ...manifests.filter((manifest) => files.has(manifest))] : found
}

/** The files that a Dockerfile copies and runs; its context is its own directory or the root. */
export function filesOfDocker(path: string, reading: DockerReading, files: Files): string[] {
  const directory = directoryOf(path)
  const found = reading.words.flatMap((word) => named(word, directory, files) ?? named(word, '', files) ?? [])
  for (const source of reading.sources) {
    const copied = filesCopied(source, directory, files)
    found.push(...(copied.length > 0 || directory === '' ? copied : filesCopied(source, '', files)))
  }
  return found.slice(0, mostCopied)
}

/** The whole context copied says nothing about any file in it. */
function filesCopied(source: string, context: string, files: Files): string[] {
  const path = joinPath(context, source.replace(/^\/+/, ''))
  if (path === null || path === context) return []
  if (files.has(path)) return [path]
  if (!/[*?[]/.test(path)) return files.below(path)
  const matches = matchGlobs([path])
  return files.paths.filter((file) => within(context, file) && (matches(file) || matches(directoryOf(file))))
}

function named(word: string, directory: string, files: Files): string | null {
  const path = joinPath(directory, word)
  if (path === null || path === '') return null
  if (files.has(path)) return path
  // `node scripts/build` runs `scripts/build.js`; without a slash it is a word like any other.
  return word.includes('/') ? files.completed(path, 'javascript') : null
}

function actionAt(word: string, directory: string, files: Files): string | null {
  const path = word.startsWith('./') ? joinPath(directory, word) : null
  if (path === null) return null
  return ['action.yml', 'action.yaml'].map((name) => inDirectory(path, name)).find((name) => files.has(name)) ?? null
}
