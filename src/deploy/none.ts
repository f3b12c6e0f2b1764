import type { Deployer, DeployState } from './deployer.ts'

/** Deploys nothing: for a repository whose default branch is all that people use. */
export function noDeployer(): Deployer {
  const done = async (): Promise<DeployState> => ({ state: 'done', deployment: null, detail: 'nothing is deployed' })
  return { via: 'none', begin: done, look: done, serving: async () => null, withdraw: async () => true }
}
