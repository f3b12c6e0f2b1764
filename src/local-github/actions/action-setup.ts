import { execFile } from 'node:child_process'
import { access, mkdir, readFile, symlink } from 'node:fs/promises'
import { basename, delimiter, dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'

import { findCommands } from './environment.ts'
import type { JobRuntime } from './job-runtime.ts'
import type { Tool } from './known-actions.ts'
import type { StepResult, StepRun } from './step-run.ts'
import { isWanted, versionIn } from './version.ts'

interface Installed {
  path: string
  version: number[]
}

/**
 * A setup action means the machine's own tool: the one on PATH whose version is wanted, else the first on PATH, with a
 * notice. It is put first on the PATH of later steps. Only a tool that the machine lacks fails the step.
 */
export async function setUpTool(run: StepRun, tool: Tool, inputs: Record<string, string>): Promise<StepResult> {
  const { job, number, outputs } = run
  const installed = await findInstalled(job, tool)
  const [first] = installed
  if (first === undefined) {
    return {
      error: `This machine has no ${tool.name}: ${tool.commands.join(' or ')} is not on PATH. Install it and start again.`,
    }
  }
  const wanted = (await wantedVersion(job, tool, inputs)).trim()
  const chosen = installed.find(({ version }) => isWanted(version, wanted)) ?? first
  const version = chosen.version.join('.')
  if (!isWanted(chosen.version, wanted)) {
    job.log.write(
      number,
      `##[notice]${tool.name} ${wanted} is wanted; this machine has ${version}, which is used instead.`,
    )
  }
  job.log.write(number, `${tool.name} ${version}: ${chosen.path}`)
  job.paths.unshift(await folderOf(job, tool, chosen))
  if (tool.name === 'Java' && process.env['JAVA_HOME'] === undefined)
    job.variables['JAVA_HOME'] = dirname(dirname(chosen.path))
  outputs[tool.versionInput] = version
  outputs['cache-hit'] = 'false'
  return 'success'
}

const run = promisify(execFile)

async function findInstalled(job: JobRuntime, tool: Tool): Promise<Installed[]> {
  const folders = [...job.paths, ...(job.environment['PATH'] ?? '').split(delimiter)]
  const found = findCommands(folders, tool.commands)
  const versions = await Promise.all(found.map((path) => readVersion(job, path, tool.versionArgs)))
  return found.flatMap((path, index) => {
    const version = versions[index] ?? null
    return version === null ? [] : [{ path, version }]
  })
}

// Some say their version on one stream, some on the other; a broken one counts as not there.
async function readVersion(job: JobRuntime, path: string, args: string[]): Promise<number[] | null> {
  try {
    const { stdout, stderr } = await run(path, args, { env: job.environment, timeout: 10_000 })
    return versionIn(stdout || stderr)
  } catch {
    return null
  }
}

/** The input itself, or what the file says that the input `…-file` names. */
async function wantedVersion(job: JobRuntime, tool: Tool, inputs: Record<string, string>): Promise<string> {
  const direct = inputs[tool.versionInput] ?? ''
  const file = inputs[`${tool.versionInput}-file`] ?? ''
  if (direct !== '' || file === '') return direct
  const text = await readFile(resolve(job.folder.workspace, file), 'utf8').catch(() => '')
  if (basename(file) !== 'package.json') return /\d[\w.]*/.exec(text)?.[0] ?? ''
  return /"node"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? ''
}

/** The folder for PATH: the tool's own, or one of links when it lacks names that the action promises. */
async function folderOf(job: JobRuntime, tool: Tool, { path }: Installed): Promise<string> {
  const own = dirname(path)
  const missing: [string, string][] = []
  for (const [alias, command] of Object.entries(tool.aliases)) {
    if ((await exists(join(own, command))) && !(await exists(join(own, alias)))) missing.push([alias, command])
  }
  if (missing.length === 0) return own
  const links = join(job.folder.tools, tool.name, 'bin')
  await mkdir(links, { recursive: true })
  await Promise.all(missing.map(([alias, command]) => symlink(join(own, command), join(links, alias)).catch(() => {})))
  job.paths.unshift(own)
  return links
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
