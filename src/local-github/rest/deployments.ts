import { answer, notFound, paged, refuse } from '../answers.ts'
import type { DeploymentRecord, DeploymentState } from '../code-records.ts'
import type { Answer, Call, Handler, Handlers, World } from '../contract.ts'
import { addDeploymentStatus, createDeployment } from '../deployments.ts'
import type { Sha } from '../git/contract.ts'
import { mergeCommits } from '../git/merge.ts'
import { readRefFile } from '../git/ref-files.ts'
import { isRefName } from '../git/ref-name.ts'
import { isAncestor } from '../git/refs.ts'
import { flag, object, text, texts } from '../json.ts'
import { moveRefs } from '../ref-moves.ts'
import { contextsOf, type ContextState } from '../requirements.ts'
import { findRevision } from '../revisions.ts'
import { signatureOf, webFlow } from '../signatures.ts'
import { deploymentStatusView, deploymentView } from '../views/deployment.ts'

const create: Handler = async (call, world) => {
  const { repository, body } = call
  const ref = text(body['ref']) ?? ''
  const found = await findRevision(world, repository, ref)
  if (!found.ok) return refuse(422, `No ref found for: ${ref}`)
  const { sha } = found.commit
  const stopped =
    (flag(body['auto_merge']) === false ? null : await mergeDefaultBranch(call, world, ref, sha)) ??
    refuseByContexts(call, world, ref, sha)
  if (stopped !== null) return stopped
  const environment = text(body['environment']) ?? 'production'
  const deployment = createDeployment(world, call, {
    sha,
    ref,
    task: text(body['task']) ?? 'deploy',
    environment,
    payload: object(body['payload']) ?? text(body['payload']) ?? {},
    description: text(body['description']) ?? null,
    transient: flag(body['transient_environment']) ?? false,
    production: flag(body['production_environment']) ?? environment === 'production',
  })
  return answer(201, deploymentView(world, repository, deployment))
}

/** A branch that lacks commits of the default branch gets them first, and is not deployed yet. */
async function mergeDefaultBranch(call: Call, world: World, ref: string, sha: Sha): Promise<Answer | null> {
  const { repository } = call
  if (ref === repository.defaultBranch) return null
  const directory = world.gitDir(repository)
  const at = (branch: string) => readRefFile(directory, `refs/heads/${branch}`)
  const [branch, main] = await Promise.all([
    isRefName(`refs/heads/${ref}`) ? at(ref) : null,
    at(repository.defaultBranch),
  ])
  if (branch !== sha || main === null || (await isAncestor(directory, main, sha))) return null
  const merged = await mergeCommits(directory, sha, main, {
    message: `Merge ${repository.defaultBranch} into ${ref}`,
    author: signatureOf(world, call.actor),
    committer: webFlow(world),
  })
  const conflict = refuse(409, `Conflict merging ${repository.defaultBranch} into ${ref}.`)
  if (!merged.ok) return conflict
  const written = await moveRefs(world, call, [{ name: `refs/heads/${ref}`, before: sha, after: merged.sha }])
  return written.ok
    ? answer(202, { message: `Auto-merged ${repository.defaultBranch} into ${ref} on deployment.` })
    : conflict
}

/** Without `required_contexts` every context there is must have succeeded; an empty list asks for none. */
function refuseByContexts(call: Call, world: World, ref: string, sha: Sha): Answer | null {
  const known = contextsOf(world, call.repository, sha)
  const required = texts(call.body['required_contexts']) ?? [...known.keys()]
  const contexts = required.map((context): { context: string; state: ContextState } => {
    return { context, state: known.get(context) ?? 'pending' }
  })
  if (contexts.every(({ state }) => state === 'success')) return null
  const refusal = refuse(409, `Conflict: Commit status checks failed for ${ref}.`)
  const error = { resource: 'Deployment', field: 'required_contexts', code: 'invalid', contexts }
  return { ...refusal, body: { ...object(refusal.body), errors: [error] } }
}

const list: Handler = (call, world) => {
  const wanted = ['sha', 'ref', 'task', 'environment'] as const
  const shown = world.store.list('deployment', call.repository.id).filter((deployment) =>
    wanted.every((field) => {
      const value = text(call.query[field])
      return value === undefined || value === 'none' || deployment[field] === value
    }),
  )
  return paged(call, shown.toReversed(), (deployment) => deploymentView(world, call.repository, deployment))
}

function find(call: Call, world: World): DeploymentRecord | undefined {
  const deployment = world.store.get('deployment', call.number('deployment_id'))
  return deployment?.repositoryId === call.repository.id ? deployment : undefined
}

const get: Handler = (call, world) => {
  const deployment = find(call, world)
  return deployment === undefined ? notFound() : answer(200, deploymentView(world, call.repository, deployment))
}

const createStatus: Handler = (call, world) => {
  const deployment = find(call, world)
  if (deployment === undefined) return notFound()
  const { body } = call
  const status = addDeploymentStatus(world, call, deployment, {
    state: text(body['state']) as DeploymentState,
    description: text(body['description']),
    environment: text(body['environment']),
    environmentUrl: text(body['environment_url']),
    logUrl: text(body['log_url']) ?? text(body['target_url']),
    autoInactive: flag(body['auto_inactive']) ?? true,
  })
  return answer(201, deploymentStatusView(world, call.repository, status))
}

const listStatuses: Handler = (call, world) => {
  const deployment = find(call, world)
  if (deployment === undefined) return notFound()
  const all = world.store.list('deploymentStatus', call.repository.id)
  const own = all.filter(({ deploymentId }) => deploymentId === deployment.id).toReversed()
  return paged(call, own, (status) => deploymentStatusView(world, call.repository, status))
}

const getStatus: Handler = (call, world) => {
  const deployment = find(call, world)
  const status = world.store.get('deploymentStatus', call.number('status_id'))
  if (deployment === undefined || status?.deploymentId !== deployment.id) return notFound()
  return answer(200, deploymentStatusView(world, call.repository, status))
}

export const deployments: Handlers = {
  'repos/create-deployment': create,
  'repos/list-deployments': list,
  'repos/get-deployment': get,
  'repos/create-deployment-status': createStatus,
  'repos/list-deployment-statuses': listStatuses,
  'repos/get-deployment-status': getStatus,
}
