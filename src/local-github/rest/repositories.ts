import { atLeast, grants, reaches, roleOf } from '../access.ts'
import { answer } from '../answers.ts'
import type { Call, Handler, Handlers, JsonObject, World } from '../contract.ts'
import type { Role } from '../openapi/operations.ts'
import { userById } from '../people.ts'
import { repositoryView } from '../views/repository.ts'
import { organizationView } from '../views/user.ts'

/** What a role may, in GitHub's words. */
export function permissionsOf(role: Role): JsonObject {
  return {
    admin: atLeast(role, 'admin'),
    maintain: atLeast(role, 'maintain'),
    push: atLeast(role, 'write'),
    triage: atLeast(role, 'triage'),
    pull: atLeast(role, 'read'),
  }
}

function callersRole(call: Call, world: World): Role {
  const { caller, repository } = call
  if (caller.kind === 'person') return roleOf(world.store, repository, caller.user.id)
  if (caller.kind !== 'installation' || !reaches(caller, repository)) return 'read'
  return grants(caller.grant.permissions, 'contents:write') ? 'write' : 'read'
}

const get: Handler = (call, world) => {
  const { repository } = call
  const owner = userById(world.store, repository.ownerId)
  return answer(200, {
    ...repositoryView(world, repository),
    permissions: permissionsOf(callersRole(call, world)),
    allow_squash_merge: true,
    allow_merge_commit: true,
    allow_rebase_merge: true,
    allow_auto_merge: false,
    delete_branch_on_merge: false,
    network_count: 0,
    subscribers_count: 0,
    ...(owner.type === 'Organization' ? { organization: { ...organizationView(world, owner), type: owner.type } } : {}),
  })
}

export const repositories: Handlers = { 'repos/get': get }
