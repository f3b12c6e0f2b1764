import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { CommandFileFault, parseCommandFile } from './command-file.ts'
import type { JobRuntime } from './job-runtime.ts'

/** The command files of one step: variables that name them, and where they are. */
export interface StepFiles {
  environment: Record<string, string>
  /** Carries out what the step wrote; gives its outputs, or the first fault. */
  collect: () => Promise<{ ok: true; outputs: Record<string, string> } | { ok: false; error: string }>
}

const variables = {
  env: 'GITHUB_ENV',
  output: 'GITHUB_OUTPUT',
  path: 'GITHUB_PATH',
  state: 'GITHUB_STATE',
  summary: 'GITHUB_STEP_SUMMARY',
}
type Kind = keyof typeof variables

/** A summary longer than this is not kept, in bytes. */
const longestSummary = 1024 * 1024

/** Makes the empty command files of step `number`. */
export async function makeStepFiles(job: JobRuntime, number: number): Promise<StepFiles> {
  const kinds = Object.keys(variables) as Kind[]
  const path = (kind: Kind) => join(job.folder.files, `${kind}-${number}`)
  await Promise.all(kinds.map((kind) => writeFile(path(kind), '')))
  const read = (kind: Kind) => readFile(path(kind), 'utf8').catch(() => '')
  return {
    environment: Object.fromEntries(kinds.map((kind) => [variables[kind], path(kind)])),
    async collect() {
      const [env, output, paths, summary] = await Promise.all([
        read('env'),
        read('output'),
        read('path'),
        read('summary'),
      ])
      if (summary.length <= longestSummary) job.state.summary += job.masks.apply(summary)
      job.paths.unshift(...paths.split(/\r?\n/).filter(Boolean).reverse())
      const set = entriesOf('env', env)
      if (!set.ok) return set
      for (const [name, value] of set.entries) {
        if (isOwn(name))
          job.log.write(number, `##[warning]${name} belongs to the runner; what GITHUB_ENV says of it is ignored.`)
        else job.variables[name] = value
      }
      const outputs = entriesOf('output', output)
      return outputs.ok ? { ok: true, outputs: Object.fromEntries(outputs.entries) } : outputs
    },
  }
}

type Entries = { ok: true; entries: [string, string][] } | { ok: false; error: string }

function entriesOf(kind: Kind, text: string): Entries {
  try {
    return { ok: true, entries: parseCommandFile(text) }
  } catch (error) {
    if (!(error instanceof CommandFileFault)) throw error
    return { ok: false, error: `Unable to process file command '${kind}' successfully. ${error.message}` }
  }
}

function isOwn(name: string): boolean {
  return /^(GITHUB|RUNNER)_/i.test(name) || name.toUpperCase() === 'NODE_OPTIONS'
}
