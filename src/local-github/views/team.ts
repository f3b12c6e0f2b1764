import type { JsonObject, World } from '../contract.ts'
import { userById } from '../people.ts'
import type { TeamRecord } from '../records.ts'
import { nodeId } from './user.ts'

/** GitHub's `team`. `permission` is in GitHub's older words: pull, triage, push, maintain, admin. */
export function teamView(world: World, team: TeamRecord, permission = 'pull'): JsonObject {
  const org = userById(world.store, team.organizationId).login
  const url = `${world.apiUrl}/orgs/${org}/teams/${team.slug}`
  return {
    id: team.id,
    node_id: nodeId('Team', team.id),
    url,
    html_url: `${world.url}/orgs/${org}/teams/${team.slug}`,
    name: team.name,
    slug: team.slug,
    description: null,
    privacy: 'closed',
    notification_setting: 'notifications_enabled',
    permission,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    type: 'organization',
    organization_id: team.organizationId,
    parent: null,
  }
}
