import type { Deployer, DeployRequest, DeployState } from './deployer.ts'

/** A workflow's run: `status` and `conclusion` are GitHub's. */
export type ReportedRun = { status: string; conclusion: string | null; url: string }

export type WorkflowApi = {
  /** The run that an earlier try dispatched for this request; GitHub shows it some seconds after the dispatch. */
  find(request: DeployRequest): Promise<number | null>
  /** `id` is `null` where GitHub does not say which run it started. */
  dispatch(request: DeployRequest): Promise<{ ok: true; id: number | null } | { ok: false; message: string }>
  run(id: number): Promise<ReportedRun>
  serving: Deployer['serving']
}

/** Dispatches a workflow of the repository and watches its run. */
export function workflowDeployer(api: WorkflowApi): Deployer {
  const look: Deployer['look'] = async (request, deployment) => {
    const id = deployment ?? (await api.find(request))
    if (id === null)
      return { state: 'waiting', deployment: null, detail: 'the run of the workflow has not appeared yet' }
    return judge(id, await api.run(id))
  }
  return {
    via: 'workflow',
    async begin(request) {
      const found = await api.find(request)
      if (found !== null) return look(request, found)
      const dispatched = await api.dispatch(request)
      if (dispatched.ok) return { state: 'waiting', deployment: dispatched.id, detail: 'the workflow was dispatched' }
      return {
        state: 'failed',
        deployment: null,
        detail: `GitHub refused to dispatch the workflow for ${request.sha}: ${dispatched.message}`,
        remedy:
          'have the workflow on the default branch with on: workflow_dispatch and the configured inputs, then comment /retry',
      }
    },
    look,
    serving: (environment) => api.serving(environment),
    withdraw: async () => false,
  }
}

function judge(deployment: number, { status, conclusion, url }: ReportedRun): DeployState {
  if (status !== 'completed')
    return { state: 'waiting', deployment, detail: `the workflow is ${status.replaceAll('_', ' ')}` }
  if (conclusion === 'success') return { state: 'done', deployment, detail: 'the workflow succeeded', url }
  return {
    state: 'failed',
    deployment,
    detail: `the workflow ended as ${conclusion ?? 'nothing that GitHub names'}`,
    remedy: `read its log at ${url}, correct the cause, then comment /retry`,
  }
}
