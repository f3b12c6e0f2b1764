import type { Store, World } from './contract.ts'
import type { RepositoryRecord, UserRecord } from './records.ts'

/** Logins and repository names are compared without case, as GitHub does. */
const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

export function userByLogin(store: Store, login: string): UserRecord | undefined {
  return store.list('user').find((user) => same(user.login, login))
}

/** A user that some record refers to. Throws when there is none: the data would be broken. */
export function userById(store: Store, id: number): UserRecord {
  const user = store.get('user', id)
  if (user === undefined) throw new Error(`no user has the id ${id}`)
  return user
}

export function repositoryByName(store: Store, fullName: string): RepositoryRecord | undefined {
  return store.list('repository').find((repository) => same(repository.fullName, fullName))
}

/** The user of that login, made where missing. */
export function ensureUser(world: World, login: string, type: UserRecord['type']): UserRecord {
  const known = userByLogin(world.store, login)
  if (known !== undefined) return known
  return world.store.put('user', { id: world.id(), login, type, createdAt: world.now() })
}
