import { readPull } from '../github/pulls.ts'
import type { Finding, TreePoint } from '../model.ts'
import { showStatus } from './correspondence.ts'
import type { Looked, Order, Progress } from './order.ts'
import { keep } from './record.ts'
import type { Services } from './services.ts'
import { benchAt } from './settings.ts'

/**
 * What brings the service back to where it was. `deploy`: this commit; where it is no `must`, nothing was known to be in service
 * before, and the update never was. `head`: others have deployed since, so what the branch has without this change goes into
 * service. `nothing`: nothing was in service before, and nothing is now.
 */
export type WayBack = { kind: 'deploy'; sha: string; must: boolean } | { kind: 'head' } | { kind: 'nothing' }

export function wayBack(services: Services) {
  const deskAndDeployer = async ({ request, plan }: Order) => {
    const bench = await benchAt(services, request, plan.base.commit)
    return { bench, deployer: services.deployerOf(bench.config, bench, request.defaultBranch) }
  }

  return {
    /** The merge of the update's pull request, whoever made it: one whose answer was lost, or that of a person. */
    async seeMerged(order: Order, { pull, merged }: Progress): Promise<TreePoint | null> {
      if (merged !== null || pull === null) return merged
      const { bench } = await deskAndDeployer(order)
      const { mergeCommit } = await readPull(bench.at, pull)
      if (mergeCommit === null) return null
      await bench.git.fetch()
      const point = await bench.git.point(mergeCommit)
      if (!point) throw new Error(`GitHub merged ${pull} as ${mergeCommit}, and git does not know that commit.`)
      return point
    },

    /** The head of the pull request, where a person has merged it while it was theirs to work on. */
    async headOfPull(order: Order, { pull, head }: Progress): Promise<TreePoint | null> {
      if (pull === null) return head
      const { bench } = await deskAndDeployer(order)
      return (await bench.git.point((await readPull(bench.at, pull)).head)) ?? head
    },

    /** Whether the update's own deployment has come to an end, good or bad, or has had all the time that it may take. */
    async deploymentEnded(order: Order, { merged, deployment }: Progress, since: number): Promise<Looked<null>> {
      const { request, plan } = order
      const { bench, deployer } = await deskAndDeployer(order)
      const { codename, repo } = request
      const { environment } = plan.deploy
      const sha = merged?.commit ?? ''
      const wanted = { codename, repo, sha, environment, reason: 'update', again: true } as const
      const { state, detail } = await deployer.look(wanted, deployment?.id ?? null)
      const { timeout } = bench.config.deploy
      if (state !== 'waiting' || Date.now() - since >= timeout) return { verdict: 'pass', value: null }
      await keep(services.updates, codename, { findings: [underWay(detail, since + timeout)] })
      await showStatus(services, bench, request)
      return { verdict: 'wait' }
    },

    /** SNAP-4: the last good version again; where there was none, none, as far as that can be. */
    async findWayBack(order: Order, progress: Progress): Promise<WayBack> {
      const { request, plan } = order
      const { deployer } = await deskAndDeployer(order)
      const { environment } = plan.deploy
      const before = progress.snapshot?.deployed?.sha ?? null
      const merged = progress.merged?.commit ?? ''
      const serving = progress.inService ? await deployer.serving(environment) : null
      if (serving !== null && serving.sha !== merged && serving.sha !== before) return { kind: 'head' }
      if (before !== null) return { kind: 'deploy', sha: before, must: true }
      if (await deployer.withdraw()) return { kind: 'nothing' }
      const { codename, repo } = request
      const wanted = { codename, repo, sha: merged, environment, reason: 'update', again: true } as const
      const state = progress.inService ? null : await deployer.look(wanted, progress.deployment?.id ?? null)
      if (state?.state === 'waiting' && state.unheard) return { kind: 'nothing' }
      return { kind: 'deploy', sha: plan.base.commit, must: progress.inService }
    },

    /** The head of the default branch as it is on the server now. */
    async headNow(order: Order): Promise<string> {
      const { bench } = await deskAndDeployer(order)
      await bench.git.fetch()
      const head = await bench.git.branch(order.request.defaultBranch)
      if (!head) throw new Error(`${order.request.repo} has no branch ${order.request.defaultBranch}.`)
      return head.commit
    },
  }
}

function underWay(detail: string, until: number): Finding {
  return {
    gate: 'rollback',
    severity: 'warning',
    rule: 'deployment-under-way',
    message: `The deployment of the update is still under way (${detail}); two at once would leave open which one wins.`,
    remedy: `The last good version follows when it has ended, at ${new Date(until).toISOString()} at the latest. To hasten that, end the deployment by hand.`,
  }
}
