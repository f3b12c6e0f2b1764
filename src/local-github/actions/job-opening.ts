import { writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

import type { JobState } from './contract.ts'
import { baseEnvironment, hostPath, writeNpmConfiguration } from './environment.ts'
import { watchJob } from './job-ending.ts'
import { startJobHost } from './job-host.ts'
import { openJobLog } from './job-log.ts'
import type { JobPlan } from './job-plan.ts'
import type { JobRuntime } from './job-runtime.ts'
import { createMasks } from './masks.ts'
import type { RunContext } from './run-context.ts'
import { makeJobFolder, removeJobFolder } from './run-folder.ts'

/** A job with its place on this machine. */
export interface OpenJob {
  job: JobRuntime
  timedOut: () => boolean
  /** Ends everything that still runs and completes the log. */
  close: () => Promise<void>
  /** Removes the job's folder. */
  remove: () => Promise<void>
}

/** Gives a job its folder, token, log and process group. */
export async function openJob(
  run: RunContext,
  plan: JobPlan,
  state: JobState,
  cancelled: AbortSignal,
): Promise<OpenJob> {
  const { request, machine, reporter } = run
  const { now } = machine
  const token = await request.token({ key: plan.key, id: plan.job.id, permissions: plan.permissions })
  const masks = createMasks([...Object.values(request.secrets), token])
  const log = await openJobLog({ workDirectory: request.workDirectory, jobKey: plan.key, masks, reporter, now })
  const folder = await makeJobFolder(request.workDirectory, request.fullName.split('/')[1] ?? 'repository')
  const environment = baseEnvironment(folder.home)
  writeNpmConfiguration(folder.home)
  const eventPath = join(folder.files, 'event.json')
  await writeFile(eventPath, JSON.stringify(run.github['event'], null, 2))
  // Not the job's own PATH: that names its folder, and the host would look like a process of the job to be killed.
  const host = startJobHost(folder.id, hostPath().join(delimiter))
  const watch = watchJob(cancelled, plan.timeoutMinutes)
  const job: JobRuntime = {
    request,
    job: plan.job,
    state,
    folder,
    host,
    log,
    masks,
    token,
    status: 'success',
    contexts: contextsOf(run, plan, { job: plan.job.id, token, workspace: folder.workspace, event_path: eventPath }),
    environment,
    variables: {},
    paths: [],
    steps: {},
    ending: watch.ending,
    ended: watch.ended,
    report: () => reporter.job(state),
    now,
  }
  onAbort(watch.ending, () => {
    job.status = 'cancelled'
    if (watch.timedOut()) sayOutOfTime(job, plan)
  })
  onAbort(watch.ended, () => void host.close())
  return {
    job,
    timedOut: watch.timedOut,
    async close() {
      watch.clear()
      await host.close()
      await log.close()
    },
    remove: () => removeJobFolder(folder),
  }
}

function contextsOf(
  run: RunContext,
  plan: JobPlan,
  own: { job: string; token: string; workspace: string; event_path: string },
): JobRuntime['contexts'] {
  const of = (name: string) => plan.scope.contexts[name] ?? null
  return {
    github: { ...run.github, ...own, action: '__run' },
    inputs: run.inputs,
    matrix: of('matrix'),
    needs: of('needs'),
    secrets: { ...run.request.secrets, GITHUB_TOKEN: own.token },
    strategy: of('strategy'),
    vars: run.request.vars,
  }
}

function sayOutOfTime({ state, masks }: JobRuntime, plan: JobPlan): void {
  const message = `The job has exceeded the maximum execution time of ${plan.timeoutMinutes} minutes.`
  state.annotations.push({ path: '.github', startLine: 1, endLine: 1, level: 'failure', message: masks.apply(message) })
}

function onAbort(signal: AbortSignal, act: () => void): void {
  if (signal.aborted) act()
  else signal.addEventListener('abort', act, { once: true })
}
