import { isAbsolute, join } from 'node:path'

import { evaluateToText } from './expression.ts'
import { runProgram } from './run-program.ts'
import { writeRunScript } from './step-script.ts'
import type { StepResult, StepRun } from './step-run.ts'

/** Runs the script of a `run:` step in its shell and folder. */
export async function runScript(run: StepRun, template: string): Promise<StepResult> {
  const { job, step, number, scope } = run
  const { defaults } = job.job
  const script = evaluateToText(template, scope)
  const shell = textOrNull(step.shell ?? defaults.shell, run)
  const folder = textOrNull(step.workingDirectory ?? defaults.workingDirectory, run) ?? '.'
  const command = await writeRunScript(job.folder.files, number, script, shell)
  if ('error' in command) return command
  const cwd = isAbsolute(folder) ? folder : join(job.folder.workspace, folder)
  job.log.write(number, `##[group]Run ${script.trim()}\nshell: ${command.join(' ')}\n##[endgroup]`)
  return runProgram(run, { command, cwd })
}

function textOrNull(value: string | null, { scope }: StepRun): string | null {
  return value === null ? null : evaluateToText(value, scope)
}
