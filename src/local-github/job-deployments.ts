import type { JobState } from './actions/contract.ts'
import type { DeploymentState, JobRecord } from './code-records.ts'
import type { Deed, World } from './contract.ts'
import { addDeploymentStatus, createDeployment } from './deployments.ts'
import { userById } from './people.ts'
import { repositoryPage } from './views/repository.ts'

/** A job with `environment:` is a deployment by github-actions, whose state follows the job's. */
export function followJob(world: World, given: Deed, job: JobRecord, state: JobState): JobRecord {
  const { environment } = state
  const run = world.store.get('workflowRun', job.runId)
  if (environment === null || run === undefined || given.viaApp === null) return job
  const deed: Deed = { ...given, actor: userById(world.store, given.viaApp.botId) }
  const logUrl = `${repositoryPage(world, given.repository)}/actions/runs/${run.id}/job/${job.id}`
  const tell = (deploymentId: number, status: DeploymentState): void => {
    const deployment = world.store.get('deployment', deploymentId)
    if (deployment === undefined) throw new Error(`no deployment has the id ${deploymentId}`)
    const environmentUrl = environment.url ?? undefined
    addDeploymentStatus(world, deed, deployment, { state: status, logUrl, environmentUrl, autoInactive: true })
  }
  if (state.status === 'in_progress' && job.deploymentId === null) {
    const deployment = createDeployment(world, deed, {
      sha: run.headSha,
      ref: run.headBranch ?? run.headSha,
      task: 'deploy',
      environment: environment.name,
      payload: {},
      description: null,
      transient: false,
      production: environment.name === 'production',
    })
    tell(deployment.id, 'in_progress')
    return world.store.put('job', { ...job, deploymentId: deployment.id })
  }
  if (state.status === 'completed' && job.deploymentId !== null) {
    tell(job.deploymentId, state.conclusion === 'success' ? 'success' : 'failure')
  }
  return job
}
