import { cp, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import picomatch from 'picomatch'

import { artifactName, artifactsFolder } from './run-folder.ts'
import type { StepResult, StepRun } from './step-run.ts'

/** `actions/download-artifact`: name, path, pattern, merge-multiple; from this run only. */
export async function downloadArtifact(run: StepRun, inputs: Record<string, string>): Promise<StepResult> {
  const { job, number, outputs } = run
  const { request, folder } = job
  if ((inputs['run-id'] ?? '') !== '' && inputs['run-id'] !== String(request.runId)) {
    return { error: 'download-artifact: `run-id` of another run is not supported here: artifacts stay in their run.' }
  }
  const target = resolve(folder.workspace, inputs['path'] || '.')
  const entries = await readdir(artifactsFolder(request.workDirectory)).catch(() => [])
  const all = entries.map((entry) => ({
    name: artifactName(entry),
    from: join(artifactsFolder(request.workDirectory), entry),
  }))
  outputs['download-path'] = target
  const wanted = inputs['name'] ?? ''
  if (wanted !== '') {
    const found = all.find(({ name }) => name === wanted)
    if (found === undefined) {
      return {
        error: `Unable to download artifact(s): Artifact not found for name: ${wanted}. An earlier job must upload it.`,
      }
    }
    await copy(run, found, target)
    return 'success'
  }
  const matches = picomatch(inputs['pattern'] || '*', { dot: true })
  const chosen = all.filter(({ name }) => matches(name))
  const merge = inputs['merge-multiple'] === 'true'
  for (const artifact of chosen) await copy(run, artifact, merge ? target : join(target, artifact.name))
  job.log.write(number, `Total of ${chosen.length} artifact(s) downloaded`)
  return 'success'
}

async function copy({ job, number }: StepRun, artifact: { name: string; from: string }, target: string): Promise<void> {
  await cp(artifact.from, target, { recursive: true })
  job.log.write(number, `Artifact ${artifact.name}: ${target}`)
}
