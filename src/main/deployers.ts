import { cp } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Updates } from '../audit/updates.ts'
import type { Config } from '../config.ts'
import type { Deployer, DeployRequest } from '../deploy/deployer.ts'
import { deploymentDeployer } from '../deploy/deployment.ts'
import { noDeployer } from '../deploy/none.ts'
import { processDeployer } from '../deploy/process.ts'
import { releaseDeployer } from '../deploy/release.ts'
import { workflowDeployer } from '../deploy/workflow.ts'
import { dispatchedRuns, dispatchWorkflow, workflowRun } from '../github/actions.ts'
import { createDeployment, deploymentState, listDeployments } from '../github/deployments.ts'
import { createRelease, releaseOf } from '../github/releases.ts'
import { deploymentText } from '../messages/deployment-text.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { recordOf } from '../stages/record.ts'
import type { Desk } from '../stages/services.ts'

/** How many deployments are looked through for the newest good one. */
const LOOK_BACK = 10

export type DeployerParts = { sandbox: Sandbox; updates: Updates; data: string }

/** The way of deploying that a repository has configured, with the clients that it needs. */
export function deployerOf(
  { sandbox, updates, data }: DeployerParts,
  config: Config,
  desk: Desk,
  branch: string,
): Deployer {
  const { deploy } = config
  switch (deploy.via) {
    case 'deployment':
      return deploymentDeployer({
        async find({ again, codename, environment, sha }) {
          if (!again) return null
          const made = await listDeployments(desk.at, environment, sha)
          return made.find((each) => each.codename === codename)?.id ?? null
        },
        create: (request) => createDeployment(desk.at, { ...request, description: deploymentText(request) }),
        state: (id) => deploymentState(desk.at, id),
        serving: (environment) => servingIn(desk, updates, environment),
      })
    case 'workflow': {
      const { file, inputs } = deploy.workflow ?? { file: '', inputs: {} }
      return workflowDeployer({
        find: (request) => dispatchedFor(desk, updates, request, file),
        async dispatch(request) {
          const filled = Object.entries(inputs).map(([name, value]) => [name, filledIn(value, request)])
          const answer = await dispatchWorkflow(desk.at, { file, ref: branch, inputs: Object.fromEntries(filled) })
          return answer.ok ? { ok: true, id: null } : answer
        },
        run: (id) => workflowRun(desk.at, id),
        serving: (environment) => lastOfOurs(updates, desk.name, environment),
      })
    }
    case 'release':
      return releaseDeployer(
        {
          async find(tag) {
            const found = await releaseOf(desk.at, tag)
            const at = found && (await desk.git.remote(`refs/tags/${tag}`))
            return found && at ? { ...found, sha: (await desk.git.point(at))?.commit ?? at } : null
          },
          create: (request, tag) => createRelease(desk.at, { tag, sha: request.sha, body: deploymentText(request) }),
          serving: (environment) => lastOfOurs(updates, desk.name, environment),
        },
        deploy.release.tag,
      )
    case 'process': {
      if (!deploy.process) throw new Error('deploy.via is process and deploy.process is missing.')
      const home = join(
        data,
        'services',
        createHash('sha256').update(`${desk.name}\n${deploy.environment}`).digest('hex').slice(0, 16),
      )
      return processDeployer(deploy.process, {
        sandbox,
        home,
        timeout: deploy.timeout,
        checkOut: (sha, dir) =>
          desk.git.workspace(sha, (workspace) => cp(workspace.dir, dir, { recursive: true, verbatimSymlinks: true })),
      })
    }
    case 'none':
      return noDeployer()
  }
}

/** The newest deployment that went well. That of an update of ours which succeeded needs no further question. */
async function servingIn(desk: Desk, updates: Updates, environment: string) {
  const made = await listDeployments(desk.at, environment)
  for (const { id, sha, codename } of made.slice(0, LOOK_BACK)) {
    const update = codename === null ? null : await updates.byCodename(codename)
    if (update?.outcome === 'succeeded') return { sha, deployment: id }
    const { state } = await deploymentState(desk.at, id)
    if (state === 'success' || state === 'inactive') return { sha, deployment: id }
  }
  return null
}

/** The newest good deployment of ours, where GitHub keeps no list of deployments. */
async function lastOfOurs(updates: Updates, repo: string, environment: string) {
  const finished = await updates.finished(repo, LOOK_BACK)
  for (const update of finished) {
    const { order, progress } = recordOf(update)
    if (update.outcome !== 'succeeded' || order?.plan.deploy.environment !== environment || !progress?.merged) continue
    return { sha: progress.merged.commit, deployment: progress.deployment?.id ?? null }
  }
  return null
}

/** GitHub does not say which run a dispatch started: it is the newest of that workflow since the phase began. */
async function dispatchedFor(
  desk: Desk,
  updates: Updates,
  request: DeployRequest,
  file: string,
): Promise<number | null> {
  const update = await updates.byCodename(request.codename)
  const phase = request.reason === 'update' ? 'deploying' : 'rolling back'
  const began = update && recordOf(update).phases.findLast(({ name }) => name === phase)?.startedAt
  if (!began) return null
  // GitHub's times are whole seconds.
  const since = Math.floor(Date.parse(began) / 1000) * 1000
  const runs = await dispatchedRuns(desk.at)
  return runs.find((run) => run.path.endsWith(`/${file}`) && Date.parse(run.createdAt) >= since)?.id ?? null
}

/** Configured inputs may name the update: `{sha}`, `{codename}`, `{environment}`, `{reason}`. */
function filledIn(value: string, request: DeployRequest): string {
  return value.replace(/\{(sha|codename|environment|reason)\}/g, (_, name: 'sha') => request[name])
}
