import { expecting } from './answers.ts'
import type { RepositoryConnection } from './client.ts'

export type Protection = { requiredChecks: string[]; requiredReviews: number; pullRequestOnly: boolean }

/** The reviews that classic protection requires ("Get branch protection"); a branch with rulesets only has none. */
async function classicReviews(
  at: RepositoryConnection,
  branch: string,
): Promise<Pick<Protection, 'requiredReviews' | 'pullRequestOnly'>> {
  const where = { owner: at.owner, repo: at.repo, branch }
  const answer = await expecting([403, 404], () => at.octokit.repos.getBranchProtection(where))
  const reviews = answer.ok ? answer.value.data.required_pull_request_reviews : undefined
  return { requiredReviews: reviews?.required_approving_review_count ?? 0, pullRequestOnly: reviews !== undefined }
}

/**
 * What GitHub itself requires before a change may reach the branch: classic protection as "Get a branch" tells it, and, as
 * `protected` is also true where a ruleset applies, the active rules ("Get rules for a branch") only then.
 */
export async function protectionOf(at: RepositoryConnection, branch: string): Promise<Protection> {
  const where = { owner: at.owner, repo: at.repo, branch }
  const { data } = await at.octokit.repos.getBranch(where)
  const classic = data.protection.required_status_checks
  const checks = new Set(data.protected && classic?.enforcement_level !== 'off' ? (classic?.contexts ?? []) : [])
  if (!data.protected) return { requiredChecks: [], requiredReviews: 0, pullRequestOnly: false }
  const answer = await expecting([403, 404], () => at.octokit.repos.getBranchRules({ ...where, per_page: 100 }))
  let { requiredReviews, pullRequestOnly } = await classicReviews(at, branch)
  for (const rule of answer.ok ? answer.value.data : []) {
    if (rule.type === 'required_status_checks') {
      for (const check of rule.parameters?.required_status_checks ?? []) checks.add(check.context)
    }
    if (rule.type === 'pull_request') {
      pullRequestOnly = true
      requiredReviews = Math.max(requiredReviews, rule.parameters?.required_approving_review_count ?? 0)
    }
  }
  return { requiredChecks: [...checks].sort(), requiredReviews, pullRequestOnly }
}
