import { answer, notFound } from '../answers.ts'
import type { Handler, Handlers, JsonObject, World } from '../contract.ts'
import { userByLogin } from '../people.ts'
import type { UserRecord } from '../records.ts'
import { userView } from '../views/user.ts'

function profile(world: World, user: UserRecord): JsonObject {
  const owned = world.store.list('repository').filter(({ ownerId }) => ownerId === user.id)
  return {
    ...userView(world, user),
    name: user.login,
    email: null,
    public_repos: owned.filter((repository) => !repository.private).length,
    created_at: user.createdAt,
    updated_at: user.createdAt,
  }
}

const getAuthenticated: Handler = (call, world) => answer(200, profile(world, call.actor))

const getByUsername: Handler = (call, world) => {
  const user = userByLogin(world.store, call.text('username'))
  return user === undefined ? notFound() : answer(200, profile(world, user))
}

export const users: Handlers = {
  'users/get-authenticated': getAuthenticated,
  'users/get-by-username': getByUsername,
}
