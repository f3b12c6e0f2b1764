import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFile, realpath } from 'node:fs/promises'
import { basename, delimiter, dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'

import { findCommands } from './environment.ts'
import type { JobRuntime } from './job-runtime.ts'
import type { Tool } from './known-actions.ts'
import type { StepResult, StepRun } from './step-run.ts'
import { linkTool, makePythonHome } from './tool-folder.ts'
import { isWanted, versionIn } from './version.ts'
import type { Version } from './version.ts'

interface Installed {
  path: string
  version: Version
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
  const chosen = installed.find(({ version }) => isWanted(version.numbers, wanted)) ?? first
  const version = chosen.version.text
  if (!isWanted(chosen.version.numbers, wanted)) {
    job.log.write(
      number,
      `##[notice]${tool.name} ${wanted} is wanted; this machine has ${version}, which is used instead.`,
    )
  }
  job.log.write(number, `${tool.name} ${version}: ${chosen.path}`)
  const home = await homeOf(chosen.path)
  const root = join(job.folder.tools, tool.name, randomUUID())
  const isFilled = tool.name === 'Python' && (await makePythonHome(chosen.path, root, job.environment))
  if (!isFilled) await linkTool(tool, home, join(root, 'bin'))
  job.paths.unshift(join(root, 'bin'))
  if (tool.name === 'Java') job.variables['JAVA_HOME'] = dirname(home)
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
async function readVersion(job: JobRuntime, path: string, args: string[]): Promise<Version | null> {
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

/** The folder where the rest of a tool is: what its link leads to, when that is called the same. */
async function homeOf(path: string): Promise<string> {
  const real = await realpath(path)
  return dirname(basename(real) === basename(path) ? real : path)
}
