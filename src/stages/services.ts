import type { Acts } from '../audit/acts.ts'
import type { AuditLog } from '../audit/log.ts'
import type { Usage } from '../audit/usage.ts'
import type { Updates } from '../audit/updates.ts'
import type { Config } from '../config.ts'
import type { AgentEnvironment } from '../config/agent-environment.ts'
import type { Deployer } from '../deploy/deployer.ts'
import type { Git, RepositoryGit } from '../git/repository.ts'
import type { GitHubApp, RepositoryConnection } from '../github/client.ts'
import type { Mapper } from '../graph/map.ts'
import type { Probe } from '../health/probe.ts'
import type { RepositoryName } from '../model.ts'
import type { Quota } from '../policy/quota.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'

/** What the stages work with; `main.ts` makes it. */
export type Services = {
  github: GitHubApp
  git: Git
  mapper: Mapper
  sandbox: Sandbox
  /** What the operator lends to agents: keys, and servers with models. */
  operator: AgentEnvironment
  /** What each repository may use in a day, and what it has used since a moment (ISO 8601), without one codename. */
  quota: Quota
  usage: (repo: RepositoryName, since: string, without: string) => Promise<Usage>
  audit: AuditLog
  acts: Acts
  updates: Updates
  /** Tells two running instances apart in the lock. */
  instance: string
  /** Where people reach the status page. */
  publicUrl: string | null
  /** Free memory and disk of this host in bytes. */
  resources: () => Promise<{ memory: number; disk: number }>
  /** What went wrong when the app started; empty when it booted well. */
  bootFaults: string[]
  /** `branch` is the default branch: where a workflow is dispatched. */
  deployerOf: (config: Config, desk: Desk, branch: string) => Deployer
  probesOf: (config: Config, more: string[]) => Probe[]
  log: Log
}

type Write = (fields: object, message: string) => void
export type Log = { debug: Write; info: Write; warn: Write; error: Write }

/** One repository as a stage works on it. */
export type Desk = { name: RepositoryName; at: RepositoryConnection; git: RepositoryGit }

/** The repository that a request, or anything else with these three, is about. */
export function deskOf(
  services: Pick<Services, 'github' | 'git'>,
  about: { repo: RepositoryName; installation: number; cloneUrl: string },
): Desk {
  const at = services.github.connect(about.installation, about.repo)
  return {
    name: about.repo,
    at,
    git: services.git.repository(about.repo, { url: about.cloneUrl, token: () => at.token() }),
  }
}
