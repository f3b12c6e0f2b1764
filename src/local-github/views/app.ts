import type { JsonObject, World } from '../contract.ts'
import { userById } from '../people.ts'
import type { AppRecord, InstallationRecord } from '../records.ts'
import { nodeId, userView } from './user.ts'

/** GitHub's `integration`. */
export function appView(world: World, app: AppRecord): JsonObject {
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId('App', app.id),
    client_id: `Iv1.${app.id}`,
    owner: userView(world, userById(world.store, app.ownerId)),
    name: app.name,
    description: '',
    external_url: `${world.url}/apps/${app.slug}`,
    html_url: `${world.url}/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: app.permissions,
    events: app.events,
  }
}

/** The app through which somebody acted, or null: `performed_via_github_app`. */
export function viaAppView(world: World, appId: number | null): JsonObject | null {
  const app = appId === null ? undefined : world.store.get('app', appId)
  return app === undefined ? null : appView(world, app)
}

/** GitHub's `installation`. */
export function installationView(world: World, installation: InstallationRecord): JsonObject {
  const account = userById(world.store, installation.accountId)
  return {
    id: installation.id,
    account: userView(world, account),
    repository_selection: 'selected',
    access_tokens_url: `${world.apiUrl}/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${world.apiUrl}/installation/repositories`,
    html_url: `${world.url}/settings/installations/${installation.id}`,
    app_id: world.app.id,
    app_slug: world.app.slug,
    client_id: `Iv1.${world.app.id}`,
    target_id: account.id,
    target_type: account.type,
    permissions: world.app.permissions,
    events: world.app.events,
    created_at: installation.createdAt,
    updated_at: installation.updatedAt,
    single_file_name: null,
    suspended_by: null,
    suspended_at: null,
  }
}
