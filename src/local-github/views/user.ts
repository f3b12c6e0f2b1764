import type { JsonObject, World } from '../contract.ts'
import type { UserRecord } from '../records.ts'

/** GraphQL's name of a thing, as REST shows it. */
export function nodeId(type: string, id: number): string {
  return Buffer.from(`0:${type}${id}`).toString('base64')
}

/** GitHub's `simple-user`. */
export function userView(world: World, user: UserRecord): JsonObject {
  const name = encodeURIComponent(user.login)
  const url = `${world.apiUrl}/users/${name}`
  return {
    login: user.login,
    id: user.id,
    node_id: nodeId(user.type, user.id),
    avatar_url: `${world.url}/avatars/${name}.svg`,
    gravatar_id: '',
    url,
    html_url: htmlUrl(world, user),
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: user.type,
    user_view_type: 'public',
    site_admin: false,
  }
}

function htmlUrl(world: World, user: UserRecord): string {
  const app = /^(.+)\[bot\]$/.exec(user.login)?.[1]
  return app === undefined ? `${world.url}/${user.login}` : `${world.url}/apps/${app}`
}

/** GitHub's `organization-simple`. */
export function organizationView(world: World, user: UserRecord): JsonObject {
  const url = `${world.apiUrl}/orgs/${user.login}`
  return {
    login: user.login,
    id: user.id,
    node_id: nodeId('Organization', user.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${world.url}/avatars/${user.login}.svg`,
    description: null,
  }
}
