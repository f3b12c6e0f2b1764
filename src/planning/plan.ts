import type { Plan } from '../model.ts'
import { expectedChecks } from './checks.ts'
import { checkpointsOf } from './checkpoints.ts'
import { communicationOf } from './communication.ts'
import { criteriaOf } from './criteria.ts'
import { digestOf, planDigest, type Sha256 } from './digest.ts'
import { settingOf, updateEstimate } from './estimate.ts'
import type { PlanFacts } from './facts.ts'
import { anyGlob } from './globs.ts'
import { impactOf } from './impact.ts'
import { pathsOf, planTasks, type Touching } from './planned-tasks.ts'
import { indexDependents } from './reach.ts'
import { resourcesOf } from './resources.ts'
import { reviewersFor, riskOf, soakFor } from './risk.ts'
import { scopeOf } from './scope.ts'

/**
 * The plan that people approve, with its digest. The same facts give the same plan.
 * @throws when an exact draft was not measured
 */
export function createPlan(facts: PlanFacts, sha256: Sha256): Plan {
  const { request, config, revisions, base } = facts
  const dependents = indexDependents(facts.dependencies)
  const touching = planTasks(facts, dependents)
  const tasks = touching.map(({ task }) => task)
  const touched = [...new Set(touching.flatMap((one) => one.touched))].sort()
  const impact = impactOf(touched, facts, dependents)
  const scope = scopeOf(touching, impact)
  const protectedPaths = touched.filter(anyGlob(config.protected))
  const checks = checksOf(facts, touching)
  const probes = [...config.health.probes.map(({ name }) => name), ...revisions.probes]
  const applied = riskOf(
    {
      tasks: touching,
      touched,
      paths: facts.paths,
      dependents,
      impact,
      scope,
      protectedPaths,
      checks,
      binary: [...new Set(facts.measured.flatMap(({ binary }) => binary))].sort(),
      notes: facts.parsed.notes,
      broken: facts.broken,
      deploy: config.deploy,
      soak: config.health.soak,
      probes,
    },
    config.risk,
  )
  const health = { probes: revisions.probes, soak: soakFor(applied.level, config.health.soak, config.risk) }
  const deploy = { via: config.deploy.via, environment: config.deploy.environment }
  const configured = config.validation.reviewers
  const reviewers = reviewersFor(applied.level, impact, configured, config.risk)
  const risk = { ...applied, reviewers: reviewers.filter((name) => !configured.includes(name)) }
  const approvals = { needed: config.approval.count[risk.level], requesterMay: config.approval.requester }
  const estimate = updateEstimate({ size: scope.size, tasks, checks, soak: health.soak }, facts)
  const plan: Omit<Plan, 'digest'> = {
    codename: request.codename,
    revision: facts.revision,
    base: { commit: base.commit, tree: base.tree, branch: base.branch },
    request: {
      title: request.title,
      textDigest: digestOf({ title: request.title, body: request.body, answers: request.answers }, sha256),
      requester: request.requester,
    },
    configDigest: digestOf(config, sha256),
    settingsDigest: digestOf(settingsOf(facts), sha256),
    scope,
    impact,
    risk,
    tasks,
    checkpoints: checkpointsOf({ tasks, checks, reviewers, protectedPaths, deploy, health, approvals }, probes.length),
    checks,
    reviewers,
    protectedPaths,
    resources: {
      estimate,
      ...resourcesOf(tasks, config, revisions, facts.requiredChecks),
      budget: facts.budget,
    },
    criteria: criteriaOf(checks, deploy, probes),
    health,
    communication: communicationOf({ tasks, deploy, health }),
    approvals,
    deploy,
  }
  return { ...plan, digest: planDigest(plan, sha256) }
}

function checksOf(facts: PlanFacts, touching: Touching[]): Plan['checks'] {
  const { config, base, request } = facts
  const exact = touching.every(({ task }) => task.exact)
  const last = touching.at(-1)?.task.changes ?? []
  const all = pathsOf(touching.flatMap(({ task }) => task.changes))
  return expectedChecks({
    rounds: { round1: config.validation.round1.checks, round2: config.validation.round2.checks },
    required: facts.requiredChecks,
    added: facts.revisions.checks,
    workflows: facts.workflows,
    defaultBranch: base.branch,
    updateBranch: `pawl/${request.codename}`,
    files: exact ? { all, last: pathsOf(last) } : null,
  })
}

/** The settings that decide how this plan is carried out: of the agents only those that have a task in it. */
function settingsOf({ config, drafts }: PlanFacts) {
  const names = [...new Set(drafts.map(({ agent }) => agent))].sort()
  const { protected: paths, deviation, limits, validation, merge, deploy, health, rollback } = config
  const agents = names.map((name) => settingOf(config.agents, name) ?? name)
  return { agents, protected: paths, deviation, limits, validation, merge, deploy, health, rollback }
}
