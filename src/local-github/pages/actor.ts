import type { IncomingMessage } from 'node:http'

import { atLeast, roleOf } from '../access.ts'
import type { World } from '../contract.ts'
import type { Role } from '../openapi/operations.ts'
import { userByLogin } from '../people.ts'
import type { RepositoryRecord, UserRecord } from '../records.ts'

/*
 * As whom a page is used. There is no password: whoever reaches the pages sits at this machine. A cookie names the person.
 */

const COOKIE = 'acting-as'

/** Everybody one can act as. */
export function people(world: World): UserRecord[] {
  return world.store.list('user').filter(({ type }) => type === 'User')
}

/** The person of the cookie; else an admin of the repository, or whoever comes nearest to one. */
export function actorOf(
  world: World,
  request: IncomingMessage,
  repository: RepositoryRecord | undefined,
): UserRecord | null {
  const chosen = userByLogin(world.store, chosenLogin(request.headers.cookie ?? '') ?? '')
  if (chosen?.type === 'User') return chosen
  const everybody = people(world)
  if (repository === undefined) return everybody[0] ?? null
  return everybody.reduce<UserRecord | null>((best, user) => {
    if (best === null) return user
    const [role, bestRole] = [user, best].map(({ id }) => roleOf(world.store, repository, id)) as [Role, Role]
    return atLeast(bestRole, role) ? best : user
  }, null)
}

function chosenLogin(header: string): string | undefined {
  const pairs = header.split(';').map((pair) => pair.trim().split('='))
  const value = pairs.find(([name]) => name === COOKIE)?.[1]
  // What was set by another server on this machine may be anything.
  return value !== undefined && /^[\w.-]+$/.test(value) ? value : undefined
}

/** The Set-Cookie header that makes `user` the one who acts. */
export function actingAs(user: UserRecord): string {
  return `${COOKIE}=${user.login}; Path=/; HttpOnly; SameSite=Lax`
}

export function mayRead(world: World, repository: RepositoryRecord, actor: UserRecord | null): boolean {
  return actor === null ? !repository.private : may(world, repository, actor, 'read')
}

export function may(world: World, repository: RepositoryRecord, actor: UserRecord | null, role: Role): boolean {
  return actor !== null && atLeast(roleOf(world.store, repository, actor.id), role)
}
