import type { DeployRequest, Deployer } from './deployer.ts'

/** A workflow's run: `status` and `conclusion` are GitHub's. */
export type ReportedRun = { status: string; conclusion: string | null; url: string }

export type WorkflowApi = {
  /** The run that an earlier try dispatched for this request; GitHub shows it some seconds after the dispatch. */
  find(request: DeployRequest): Promise<number | null>
  /** `id` is `null` where GitHub does not say which run it started. */
  dispatch(request: DeployRequest): Promise<{ ok: true; id: number | null } | { ok: false; message: string }>
  run(id: number): Promise<ReportedRun>
}

/** Dispatches a workflow of the repository and watches its run. */
export function workflowDeployer(_api: WorkflowApi): Deployer {
  throw new Error('not written yet')
}
