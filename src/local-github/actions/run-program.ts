import { stepEnvironment } from './step-environment.ts'
import { writeLauncher } from './step-script.ts'
import type { StepResult, StepRun } from './step-run.ts'

interface Program {
  command: string[]
  cwd: string
  /** Variables beside those of the step. */
  environment?: Record<string, string>
}

/** Runs a step's program in the job's process group; a success is the exit code 0. */
export async function runProgram(run: StepRun, { command, cwd, environment }: Program): Promise<StepResult> {
  const { job, number, env, files, output } = run
  const launcher = await writeLauncher(job.folder.files, number, {
    command,
    cwd,
    environment: stepEnvironment(job, env, files, environment),
  })
  if (run.stopping.signal.aborted) return { error: 'The operation was canceled.' }
  const exit = await job.host.run(launcher, output.onLine)
  if (exit === 0) return 'success'
  return { error: exit === null ? 'The job was ended from outside.' : `Process completed with exit code ${exit}.` }
}
