import { ACTIONS_SLUG } from './call.ts'
import type { World } from './contract.ts'
import { ensureUser, userByLogin } from './people.ts'
import type { AppRecord, UserRecord } from './records.ts'

/** GitHub's own ids of the Actions app and its bot. */
const ACTIONS = { id: 15368, botId: 41898282 }

/** Makes the two apps and their bots where missing, and takes over what the app's settings now say. */
export function ensureApps(world: World): void {
  const { id, slug, name, permissions, events } = world.app
  const owner = ensureUser(world, 'app-owner', 'User')
  const bot = ensureUser(world, `${slug}[bot]`, 'Bot')
  const createdAt = world.store.get('app', id)?.createdAt ?? world.now()
  world.store.put('app', { id, slug, name, ownerId: owner.id, botId: bot.id, permissions, events, createdAt })
  ensureActions(world, owner)
}

function ensureActions(world: World, owner: UserRecord): void {
  const { store } = world
  const login = `${ACTIONS_SLUG}[bot]`
  if (userByLogin(store, login) === undefined) {
    store.put('user', { id: ACTIONS.botId, login, type: 'Bot', createdAt: world.now() })
  }
  if (store.get('app', ACTIONS.id) !== undefined) return
  store.put('app', {
    id: ACTIONS.id,
    slug: ACTIONS_SLUG,
    name: 'GitHub Actions',
    ownerId: owner.id,
    botId: ACTIONS.botId,
    permissions: {},
    events: [],
    createdAt: world.now(),
  })
}

/** The app whose check runs and tokens belong to workflow jobs. */
export function actionsApp(world: World): AppRecord {
  const app = world.store.get('app', ACTIONS.id)
  if (app === undefined) throw new Error('the app github-actions is missing: the server was not started properly')
  return app
}
