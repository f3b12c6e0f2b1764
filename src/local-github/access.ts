import { notFound, refuse } from './answers.ts'
import type { Answer, Caller, Permission, Store, World } from './contract.ts'
import { ROLES, type Access, type Role } from './openapi/operations.ts'
import { repositoryByName, userById, userByLogin } from './people.ts'
import type { RepositoryRecord, UserRecord } from './records.ts'

export type Permitted = { ok: true; repository: RepositoryRecord | null } | { ok: false; answer: Answer }

const yes = (repository: RepositoryRecord | null = null): Permitted => ({ ok: true, repository })
const no = (answer: Answer): Permitted => ({ ok: false, answer })
const notAccessible = (): Permitted => no(refuse(403, 'Resource not accessible by integration'))
const authenticateFirst = (): Permitted => no(refuse(401, 'Requires authentication'))

/** True when `role` is `least` or more. */
export function atLeast(role: Role, least: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(least)
}

/**
 * The highest role a person has: as owner, as collaborator, through a team, or because the repository is public. For an
 * app's bot, which has no role, it is what the public has.
 */
export function roleOf(store: Store, repository: RepositoryRecord, userId: number): Role {
  if (repository.ownerId === userId) return 'admin'
  const roles: Role[] = [repository.private ? 'none' : 'read']
  const collaborator = store.get('collaborator', `${repository.id}/${userId}`)
  if (collaborator !== undefined) roles.push(collaborator.role)
  for (const team of store.list('team')) {
    const role = team.repositories[String(repository.id)]
    if (role !== undefined && team.memberIds.includes(userId)) roles.push(role)
  }
  return roles.reduce((highest, role) => (atLeast(role, highest) ? role : highest))
}

/** `issues:write` is granted by `issues: write`, `issues:read` by either. `*` stands for all; metadata is everybody's. */
export function grants(permissions: Record<string, string>, permission: Permission): boolean {
  const [name = '', level = ''] = permission.split(':')
  if (permission === 'metadata:read') return true
  const granted = permissions[name] ?? permissions['*']
  return granted === 'admin' || granted === 'write' || (granted === 'read' && level === 'read')
}

/** True when an installation token reaches the repository. */
export function reaches(caller: Caller & { kind: 'installation' }, repository: RepositoryRecord): boolean {
  const { grant, installation } = caller
  const ids = grant.repositoryIds ?? installation?.repositoryIds ?? []
  return ids.includes(repository.id) && (installation?.repositoryIds.includes(repository.id) ?? true)
}

/** Asks whether the caller may do something in a repository, as an operation with this access does. */
export function permitInRepository(
  world: World,
  caller: Caller,
  repository: RepositoryRecord | undefined,
  access: Access & { kind: 'repository' },
): Permitted {
  if (caller.kind === 'app') return no(refuse(401, 'A JSON web token cannot be used here; use an installation token'))
  if (repository === undefined) return no(notFound())
  // What everybody may read asks for nothing.
  const open =
    !repository.private && access.role === 'read' && access.permissions.every((each) => each.endsWith(':read'))
  if (caller.kind === 'anonymous')
    return open ? yes(repository) : repository.private ? no(notFound()) : authenticateFirst()
  if (caller.kind === 'installation') {
    if (!reaches(caller, repository))
      return open ? yes(repository) : repository.private ? no(notFound()) : notAccessible()
    const enough = access.permissions.some((permission) => grants(caller.grant.permissions, permission))
    return enough ? yes(repository) : notAccessible()
  }
  const role = roleOf(world.store, repository, caller.user.id)
  if (atLeast(role, access.role)) return yes(repository)
  if (role === 'none') return no(notFound())
  return no(
    refuse(
      403,
      access.role === 'admin' ? 'Must have admin rights to Repository.' : 'Must have push access to repository',
    ),
  )
}

/** Asks whether the caller may perform an operation. `params` are its path parameters. */
export function permit(world: World, caller: Caller, access: Access, params: Record<string, string>): Permitted {
  switch (access.kind) {
    case 'anyone':
      return yes()
    case 'app':
      return caller.kind === 'app' ? yes() : no(refuse(401, 'A JSON web token could not be decoded'))
    case 'installation':
      if (caller.kind === 'installation') return yes()
      return no(refuse(403, 'You must authenticate with an installation access token in order to access this endpoint'))
    case 'person':
      if (caller.kind === 'person') return yes()
      return caller.kind === 'installation' ? notAccessible() : authenticateFirst()
    case 'organization':
      return permitInOrganization(world, caller, access.permissions, params['org'] ?? '')
    case 'repository': {
      const repository = repositoryByName(world.store, `${params['owner'] ?? ''}/${params['repo'] ?? ''}`)
      return permitInRepository(world, caller, repository, access)
    }
  }
}

function permitInOrganization(world: World, caller: Caller, permissions: Permission[], login: string): Permitted {
  const organization = userByLogin(world.store, login)
  if (caller.kind === 'anonymous' || caller.kind === 'app') return authenticateFirst()
  if (organization?.type !== 'Organization') return no(notFound())
  if (caller.kind === 'person') return isMember(world.store, organization, caller.user.id) ? yes() : no(notFound())
  const here = caller.installation?.accountId === organization.id
  const enough = permissions.some((permission) => grants(caller.grant.permissions, permission))
  return here && enough ? yes() : notAccessible()
}

/** Members of an organization are those of its teams. */
function isMember(store: Store, organization: UserRecord, userId: number): boolean {
  return store.list('team').some((team) => team.organizationId === organization.id && team.memberIds.includes(userId))
}

/** GitHub's word for what a person is to a repository, on issues and comments. */
export function authorAssociation(store: Store, repository: RepositoryRecord, userId: number): string {
  if (repository.ownerId === userId) return 'OWNER'
  const owner = userById(store, repository.ownerId)
  if (owner.type === 'Organization' && isMember(store, owner, userId)) return 'MEMBER'
  const role = store.get('collaborator', `${repository.id}/${userId}`)?.role ?? 'none'
  if (role !== 'none') return 'COLLABORATOR'
  const contributed = store.list('issue', repository.id).some((issue) => {
    return issue.isPull && issue.authorId === userId && store.get('pull', issue.id)?.merged === true
  })
  return contributed ? 'CONTRIBUTOR' : 'NONE'
}
