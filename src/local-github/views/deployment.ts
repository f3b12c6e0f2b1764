import type { DeploymentRecord, DeploymentStatusRecord } from '../code-records.ts'
import type { JsonObject, World } from '../contract.ts'
import { userById } from '../people.ts'
import type { RepositoryRecord } from '../records.ts'
import { viaAppView } from './app.ts'
import { repositoryUrl } from './repository.ts'
import { nodeId, userView } from './user.ts'

/** GitHub's `deployment`. */
export function deploymentView(world: World, repository: RepositoryRecord, deployment: DeploymentRecord): JsonObject {
  const repositoryAddress = repositoryUrl(world, repository)
  const url = `${repositoryAddress}/deployments/${deployment.id}`
  return {
    url,
    id: deployment.id,
    node_id: nodeId('Deployment', deployment.id),
    sha: deployment.sha,
    ref: deployment.ref,
    task: deployment.task,
    payload: deployment.payload,
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: deployment.description,
    creator: userView(world, userById(world.store, deployment.creatorId)),
    created_at: deployment.createdAt,
    updated_at: deployment.updatedAt,
    statuses_url: `${url}/statuses`,
    repository_url: repositoryAddress,
    transient_environment: deployment.transient,
    production_environment: deployment.production,
    performed_via_github_app: viaAppView(world, deployment.viaAppId),
  }
}

/** GitHub's `deployment-status`. */
export function deploymentStatusView(
  world: World,
  repository: RepositoryRecord,
  status: DeploymentStatusRecord,
): JsonObject {
  const repositoryAddress = repositoryUrl(world, repository)
  const deployment = `${repositoryAddress}/deployments/${status.deploymentId}`
  return {
    url: `${deployment}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId('DeploymentStatus', status.id),
    state: status.state,
    creator: userView(world, userById(world.store, status.creatorId)),
    description: status.description,
    environment: status.environment,
    target_url: status.logUrl,
    log_url: status.logUrl,
    environment_url: status.environmentUrl,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    deployment_url: deployment,
    repository_url: repositoryAddress,
    performed_via_github_app: viaAppView(world, status.viaAppId),
  }
}
