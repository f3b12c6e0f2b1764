import type { Permission } from '../model.ts'
import { expecting } from './answers.ts'
import type { RepositoryConnection } from './client.ts'

const PERMISSIONS: readonly string[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin']

/**
 * The person's permission now, asked of GitHub ("Get repository permissions for a user"): `role_name` tells `triage` and
 * `maintain` apart, a custom role falls back to the base permission. Someone unknown has none.
 */
export async function permissionOf(at: RepositoryConnection, login: string): Promise<Permission> {
  const { octokit, owner, repo } = at
  const answer = await expecting([404], () =>
    octokit.repos.getCollaboratorPermissionLevel({ owner, repo, username: login }),
  )
  if (!answer.ok) return 'none'
  const { role_name: role, permission } = answer.value.data
  return asPermission(role) ?? asPermission(permission) ?? 'none'
}

function asPermission(text: string): Permission | null {
  return PERMISSIONS.includes(text) ? (text as Permission) : null
}

/** Which of the `org/team` names the person is an active member of. */
export async function teamsOf(at: RepositoryConnection, login: string, teams: string[]): Promise<string[]> {
  const memberships = await Promise.all(
    teams.map(async (team) => {
      const [org = '', slug = ''] = team.includes('/') ? team.split('/') : [at.owner, team]
      const answer = await expecting([403, 404], () =>
        at.octokit.teams.getMembershipForUserInOrg({ org, team_slug: slug, username: login }),
      )
      return answer.ok && answer.value.data.state === 'active' ? team : null
    }),
  )
  return memberships.filter((team) => team !== null)
}
