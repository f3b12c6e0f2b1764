import { answer, notFound, paged, refuse } from '../answers.ts'
import type { Answer, Call, Handler, Handlers, JsonObject, World } from '../contract.ts'
import { protectionOf } from '../requirements.ts'
import type { ProtectionRecord, RulesetRecord } from '../records.ts'
import { repositoryPage, repositoryUrl } from '../views/repository.ts'
import { nodeId } from '../views/user.ts'

const protectionUrl = (call: Call, world: World): string =>
  `${repositoryUrl(world, call.repository)}/branches/${call.text('branch')}/protection`

const unprotected = (): Answer => refuse(404, 'Branch not protected')

function statusChecks(url: string, { requiredChecks }: ProtectionRecord): JsonObject {
  return {
    url: `${url}/required_status_checks`,
    strict: false,
    contexts: requiredChecks,
    contexts_url: `${url}/required_status_checks/contexts`,
    checks: requiredChecks.map((context) => ({ context, app_id: null })),
  }
}

const getProtection: Handler = (call, world) => {
  const protection = protectionOf(world, call.repository, call.text('branch'))
  if (protection === undefined) return unprotected()
  const url = protectionUrl(call, world)
  const off = { enabled: false }
  const reviews: JsonObject = {
    url: `${url}/required_pull_request_reviews`,
    dismiss_stale_reviews: false,
    require_code_owner_reviews: false,
    require_last_push_approval: false,
    required_approving_review_count: protection.requiredReviews,
  }
  return answer(200, {
    url,
    ...(protection.requiredChecks.length === 0 ? {} : { required_status_checks: statusChecks(url, protection) }),
    ...(protection.requiredReviews === 0 ? {} : { required_pull_request_reviews: reviews }),
    enforce_admins: { url: `${url}/enforce_admins`, enabled: true },
    required_signatures: { url: `${url}/required_signatures`, enabled: false },
    required_linear_history: off,
    allow_force_pushes: off,
    allow_deletions: off,
    block_creations: off,
    required_conversation_resolution: off,
    lock_branch: off,
    allow_fork_syncing: off,
  })
}

const getStatusChecks: Handler = (call, world) => {
  const protection = protectionOf(world, call.repository, call.text('branch'))
  if (protection === undefined) return unprotected()
  if (protection.requiredChecks.length === 0) return refuse(404, 'Required status checks not enabled')
  return answer(200, statusChecks(protectionUrl(call, world), protection))
}

/** What a ruleset asks, with GitHub's defaults for the rest of the rule. */
function rulesOf(ruleset: RulesetRecord): JsonObject[] {
  return ruleset.rules.map((type) => ({
    type,
    parameters: {
      dismiss_stale_reviews_on_push: false,
      require_code_owner_review: false,
      require_last_push_approval: false,
      required_approving_review_count: 0,
      required_review_thread_resolution: false,
    },
  }))
}

const branchRules: Handler = (call, world) => {
  const { repository } = call
  const rulesets = world.store.list('ruleset', repository.id).filter(({ branch }) => branch === call.text('branch'))
  const rules = rulesets.flatMap((ruleset) => {
    const from = { ruleset_source_type: 'Repository', ruleset_source: repository.fullName, ruleset_id: ruleset.id }
    return rulesOf(ruleset).map((rule) => ({ ...rule, ...from }))
  })
  return paged(call, rules, (rule) => rule)
}

function rulesetView(call: Call, world: World, ruleset: RulesetRecord): JsonObject {
  const { repository } = call
  return {
    id: ruleset.id,
    node_id: nodeId('RepositoryRuleset', ruleset.id),
    name: ruleset.name,
    target: 'branch',
    source_type: 'Repository',
    source: repository.fullName,
    enforcement: 'active',
    created_at: ruleset.createdAt,
    updated_at: ruleset.updatedAt,
    _links: {
      self: { href: `${repositoryUrl(world, repository)}/rulesets/${ruleset.id}` },
      html: { href: `${repositoryPage(world, repository)}/rules/${ruleset.id}` },
    },
  }
}

const listRulesets: Handler = (call, world) =>
  paged(call, world.store.list('ruleset', call.repository.id), (ruleset) => rulesetView(call, world, ruleset))

const getRuleset: Handler = (call, world) => {
  const ruleset = world.store.get('ruleset', call.number('ruleset_id'))
  if (ruleset?.repositoryId !== call.repository.id) return notFound()
  return answer(200, {
    ...rulesetView(call, world, ruleset),
    current_user_can_bypass: 'never',
    conditions: { ref_name: { include: [`refs/heads/${ruleset.branch}`], exclude: [] } },
    rules: rulesOf(ruleset),
  })
}

export const protections: Handlers = {
  'repos/get-branch-protection': getProtection,
  'repos/get-status-checks-protection': getStatusChecks,
  'repos/get-branch-rules': branchRules,
  'repos/get-repo-rulesets': listRulesets,
  'repos/get-repo-ruleset': getRuleset,
}
