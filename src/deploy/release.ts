import type { DeployRequest, Deployer } from './deployer.ts'

export type ReleaseApi = {
  find(request: DeployRequest, tag: string): Promise<{ id: number; url: string } | null>
  create(
    request: DeployRequest,
    tag: string,
  ): Promise<{ ok: true; id: number; url: string } | { ok: false; message: string }>
}

/** Publishes a release of the commit. `tag` is the configuration's template; a rollback's tag has an ending of its own. */
export function releaseDeployer(_api: ReleaseApi, _tag: string): Deployer {
  throw new Error('not written yet')
}
