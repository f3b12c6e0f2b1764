import type { DeploymentRecord, DeploymentState, DeploymentStatusRecord } from './code-records.ts'
import type { Deed, World } from './contract.ts'
import { deploymentStatusView, deploymentView } from './views/deployment.ts'

type Given = Pick<
  DeploymentRecord,
  'sha' | 'ref' | 'task' | 'environment' | 'payload' | 'description' | 'transient' | 'production'
>

/** Makes a deployment and tells of it. */
export function createDeployment(world: World, deed: Deed, given: Given): DeploymentRecord {
  const { repository, actor, byWorkflow } = deed
  const now = world.now()
  const deployment = world.store.put('deployment', {
    id: world.id(),
    repositoryId: repository.id,
    ...given,
    creatorId: actor.id,
    viaAppId: deed.viaApp?.id ?? null,
    createdAt: now,
    updatedAt: now,
  })
  const payload = { deployment: deploymentView(world, repository, deployment), workflow: null, workflow_run: null }
  world.emit({ event: 'deployment', action: 'created', repository, sender: actor, byWorkflow, payload })
  return deployment
}

interface GivenStatus {
  state: DeploymentState
  description?: string | undefined
  environment?: string | undefined
  environmentUrl?: string | undefined
  logUrl?: string | undefined
  /** Marks older successes in the same environment as inactive. */
  autoInactive: boolean
}

/** Adds a status to a deployment and tells of it. */
export function addDeploymentStatus(
  world: World,
  deed: Deed,
  deployment: DeploymentRecord,
  given: GivenStatus,
): DeploymentStatusRecord {
  const { repository, actor, byWorkflow } = deed
  const environment = given.environment ?? deployment.environment
  const status = putStatus(world, deed, deployment, { ...given, environment })
  const changed = world.store.put('deployment', { ...deployment, environment, updatedAt: world.now() })
  if (given.state === 'success' && given.autoInactive) retireOthers(world, deed, changed)
  const payload = {
    deployment_status: deploymentStatusView(world, repository, status),
    deployment: deploymentView(world, repository, changed),
  }
  world.emit({ event: 'deployment_status', action: 'created', repository, sender: actor, byWorkflow, payload })
  return status
}

/** The newest status of a deployment. */
export function latestStatus(world: World, deployment: DeploymentRecord): DeploymentStatusRecord | undefined {
  const statuses = world.store.list('deploymentStatus', deployment.repositoryId)
  return statuses.findLast(({ deploymentId }) => deploymentId === deployment.id)
}

/** Older deployments of an environment that were in use are not any more. Transient ones stay; nobody is told. */
function retireOthers(world: World, deed: Deed, deployment: DeploymentRecord): void {
  for (const other of world.store.list('deployment', deployment.repositoryId)) {
    const same = other.id < deployment.id && other.environment === deployment.environment && !other.transient
    const last = same ? latestStatus(world, other) : undefined
    if (last?.state === 'success') putStatus(world, deed, other, { state: 'inactive', environment: other.environment })
  }
}

function putStatus(
  world: World,
  deed: Deed,
  deployment: DeploymentRecord,
  given: Omit<GivenStatus, 'autoInactive' | 'environment'> & { environment: string },
): DeploymentStatusRecord {
  return world.store.put('deploymentStatus', {
    id: world.id(),
    repositoryId: deployment.repositoryId,
    deploymentId: deployment.id,
    state: given.state,
    description: given.description ?? '',
    environment: given.environment,
    environmentUrl: given.environmentUrl ?? '',
    logUrl: given.logUrl ?? '',
    creatorId: deed.actor.id,
    viaAppId: deed.viaApp?.id ?? null,
    createdAt: world.now(),
  })
}
