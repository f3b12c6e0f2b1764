import { atLeast, roleOf } from '../access.ts'
import { answer, notFound, paged } from '../answers.ts'
import type { Call, Handler, Handlers, JsonObject, World } from '../contract.ts'
import { text } from '../json.ts'
import type { Role } from '../openapi/operations.ts'
import { userById, userByLogin } from '../people.ts'
import type { UserRecord } from '../records.ts'
import { teamView } from '../views/team.ts'
import { userView } from '../views/user.ts'
import { permissionsOf } from './repositories.ts'

// The older permissions know three steps only; role_name tells the whole.
const LEGACY: Record<Role, string> = {
  none: 'none',
  read: 'read',
  triage: 'read',
  write: 'write',
  maintain: 'write',
  admin: 'admin',
}
const TEAM_WORDS: Record<Role, string> = {
  none: 'pull',
  read: 'pull',
  triage: 'triage',
  write: 'push',
  maintain: 'maintain',
  admin: 'admin',
}

function collaboratorView(world: World, user: UserRecord, role: Role): JsonObject {
  return { ...userView(world, user), permissions: permissionsOf(role), role_name: role }
}

/** The authority on what a person may. Somebody without a role has `read` in a public repository. */
const permission: Handler = (call, world) => {
  const user = userByLogin(world.store, call.text('username'))
  if (user === undefined) return notFound()
  const role = roleOf(world.store, call.repository, user.id)
  return answer(200, { permission: LEGACY[role], role_name: role, user: collaboratorView(world, user, role) })
}

/** Ids of the owner and everybody with a role of their own or through a team. */
function collaboratorIds(call: Call, world: World): number[] {
  const { repository } = call
  const { store } = world
  const own = store.list('collaborator', repository.id).filter(({ role }) => role !== 'none')
  const teams = store.list('team').filter((team) => String(repository.id) in team.repositories)
  const owner = userById(store, repository.ownerId)
  const ids = [...own.map(({ userId }) => userId), ...teams.flatMap(({ memberIds }) => memberIds)]
  return [...new Set(owner.type === 'Organization' ? ids : [owner.id, ...ids])]
}

const list: Handler = (call, world) => {
  const { repository } = call
  const wanted = text(call.query['permission'])
  const people = collaboratorIds(call, world).map((id) => ({ id, role: roleOf(world.store, repository, id) }))
  const found = people.filter(({ role }) => wanted === undefined || permissionsOf(role)[wanted] === true)
  return paged(call, found, ({ id, role }) => collaboratorView(world, userById(world.store, id), role))
}

const check: Handler = (call, world) => {
  const user = userByLogin(world.store, call.text('username'))
  return user !== undefined && collaboratorIds(call, world).includes(user.id) ? answer(204) : notFound()
}

const teams: Handler = (call, world) => {
  const role = (team: { repositories: Record<string, Role> }): Role =>
    team.repositories[String(call.repository.id)] ?? 'none'
  const found = world.store.list('team').filter((team) => atLeast(role(team), 'read'))
  return paged(call, found, (team) => teamView(world, team, TEAM_WORDS[role(team)]))
}

export const collaborators: Handlers = {
  'repos/get-collaborator-permission-level': permission,
  'repos/list-collaborators': list,
  'repos/check-collaborator': check,
  'repos/list-teams': teams,
}
