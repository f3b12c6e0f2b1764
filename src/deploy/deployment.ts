import type { DeployRequest, Deployer } from './deployer.ts'

/** A deployment as GitHub reports it; `final` when nothing more comes. */
export type ReportedState = { state: string; final: boolean; description: string; url: string | null }

export type DeploymentApi = {
  /** The deployment that an earlier try made for this request. */
  find(request: DeployRequest): Promise<number | null>
  create(request: DeployRequest): Promise<{ ok: true; id: number } | { ok: false; message: string }>
  state(id: number): Promise<ReportedState>
}

/** Asks for a GitHub Deployment; whatever listens for it deploys and reports back. */
export function deploymentDeployer(_api: DeploymentApi): Deployer {
  throw new Error('not written yet')
}
