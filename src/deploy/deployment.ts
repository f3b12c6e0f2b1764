import type { Deployer, DeployRequest, DeployState } from './deployer.ts'

/** A deployment as GitHub reports it; `final` when nothing more comes, `unheard` when nothing came yet. */
export type ReportedState = {
  state: string
  final: boolean
  unheard: boolean
  description: string
  url: string | null
}

export type DeploymentApi = {
  /** The deployment that an earlier try made for this request. */
  find(request: DeployRequest): Promise<number | null>
  create(request: DeployRequest): Promise<{ ok: true; id: number } | { ok: false; message: string }>
  state(id: number): Promise<ReportedState>
  serving: Deployer['serving']
}

/** Asks for a GitHub Deployment; whatever listens for it deploys and reports back. */
export function deploymentDeployer(api: DeploymentApi): Deployer {
  const look: Deployer['look'] = async (request, deployment) => {
    const id = deployment ?? (await api.find(request))
    return id === null ? unknown(request) : judge(id, await api.state(id))
  }
  return {
    via: 'deployment',
    async begin(request) {
      const found = await api.find(request)
      // A deployment of the same commit that another has replaced since does not bring it into service.
      const reported = found === null ? null : await api.state(found)
      if (found !== null && reported !== null && reported.state !== 'inactive') return judge(found, reported)
      const created = await api.create(request)
      if (created.ok)
        return { state: 'waiting', deployment: created.id, detail: 'nobody has reported yet', unheard: true }
      return {
        state: 'failed',
        deployment: null,
        detail: `GitHub refused a deployment of ${request.sha} to ${request.environment}: ${created.message}`,
        remedy: 'check the rules of the environment and the permission of the app for deployments, then comment /retry',
      }
    },
    look,
    serving: (environment) => api.serving(environment),
    withdraw: async () => false,
  }
}

function judge(deployment: number, { state, final, unheard, description, url }: ReportedState): DeployState {
  const detail = unheard ? 'nobody has reported yet' : description === '' ? state : `${state}: ${description}`
  if (!final) return { state: 'waiting', deployment, detail, unheard }
  if (state === 'success') return { state: 'done', deployment, detail, ...(url === null ? {} : { url }) }
  if (state === 'inactive') {
    return {
      state: 'failed',
      deployment,
      detail: 'another deployment to the environment has taken the place of this one',
      remedy: 'let only one thing deploy to the environment, then comment /retry',
    }
  }
  const log = url === null ? 'of what deploys' : `at ${url}`
  return { state: 'failed', deployment, detail, remedy: `read the log ${log}, correct the cause, then comment /retry` }
}

function unknown({ sha, environment }: DeployRequest): DeployState {
  return {
    state: 'failed',
    deployment: null,
    detail: `GitHub has no deployment of ${sha} to ${environment} for this update`,
    remedy: 'see who has deleted it, then comment /retry',
  }
}
