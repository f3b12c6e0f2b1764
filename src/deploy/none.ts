import type { Deployer } from './deployer.ts'

/** Deploys nothing: for a repository whose default branch is all that people use. */
export function noDeployer(): Deployer {
  const done = async () => ({ state: 'done' as const, deployment: null, detail: 'nothing is deployed' })
  return { via: 'none', begin: done, look: done }
}
