import { tagMessage } from '../messages/tag-message.ts'
import type { Finding, Snapshot } from '../model.ts'
import { once } from './once.ts'
import type { Order, Staged } from './order.ts'
import type { Services } from './services.ts'
import { benchAt } from './settings.ts'
import { branchOf } from './turn.ts'

/** SNAP-2: what everything is restored to. An annotated tag on the base commit, and what is deployed now. */
export async function takeSnapshot(services: Services, order: Order): Promise<Staged<Snapshot>> {
  const { request, plan, approvals } = order
  const { codename, issue } = request
  const bench = await benchAt(services, request, plan.base.commit)
  const branch = branchOf(codename)
  // Fetched when the turn was taken; one that comes in this moment stops the push.
  if ((await bench.git.known(branch)) !== null) return { ok: false, findings: [branchExists(branch)] }

  const { environment } = plan.deploy
  const serving = await services.deployerOf(bench.config, bench, request.defaultBranch).serving(environment)
  // The moment of the last approval: a repeated step makes the same tag.
  const at = approvals.at(-1)?.at ?? request.at
  const name = `pawl/snapshot/${codename}-${at.replace(/[-:]|\.\d+/g, '')}`
  const base = { commit: plan.base.commit, tree: plan.base.tree }
  const deployed = serving && { ...serving, environment }
  const message = tagMessage({
    codename,
    issue,
    at,
    base,
    branch: plan.base.branch,
    digest: plan.digest,
    deployed: serving?.sha ?? null,
  })
  const tag = await bench.git.tag({ name, target: base.commit, message, at })
  const pushed = await once(services.acts, request, {
    name: `push ${name}`,
    what: { tag: name, base: base.commit, deployed },
    look: async () => ((await bench.git.remote(`refs/tags/${name}`)) === tag ? { ok: true as const } : null),
    act: () => bench.git.push([{ ref: `refs/tags/${name}`, to: tag, expect: null }]),
  })
  if (!pushed.ok) {
    const message = `The snapshot tag ${name} could not be set: ${pushed.message}`
    const remedy = 'See that no ruleset forbids the app to create tags named pawl/**, then comment /retry.'
    return { ok: false, findings: [{ gate: 'execution', severity: 'error', rule: 'dirty-base', message, remedy }] }
  }
  return { ok: true, value: { ...base, tag: name, branch: plan.base.branch, at, deployed } }
}

function branchExists(branch: string): Finding {
  return {
    gate: 'execution',
    severity: 'error',
    rule: 'branch-exists',
    message: `The branch ${branch.replace('refs/heads/', '')} exists already, and Pawl has not made it.`,
    remedy: 'Rename or delete it, then comment /retry; the next attempt gets a codename of its own.',
  }
}
