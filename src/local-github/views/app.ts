import type { JsonObject, World } from '../contract.ts'
import { userById } from '../people.ts'
import type { AppRecord } from '../records.ts'
import { nodeId, userView } from './user.ts'

/** GitHub's `integration`. */
export function appView(world: World, app: AppRecord): JsonObject {
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId('App', app.id),
    owner: userView(world, userById(world.store, app.ownerId)),
    name: app.name,
    description: null,
    external_url: `${world.url}/apps/${app.slug}`,
    html_url: `${world.url}/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: app.permissions,
    events: app.events,
  }
}

/** The app through which something was done, as `performed_via_github_app` shows it. */
export function viaAppView(world: World, appId: number | null): JsonObject | null {
  const app = appId === null ? undefined : world.store.get('app', appId)
  return app === undefined ? null : appView(world, app)
}
