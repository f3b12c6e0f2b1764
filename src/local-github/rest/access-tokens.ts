import { grants } from '../access.ts'
import { answer, notFound, refuse } from '../answers.ts'
import type { Answer, Call, Handler, Handlers, Permission, World } from '../contract.ts'
import { list, object, text, texts } from '../json.ts'
import type { InstallationRecord, RepositoryRecord } from '../records.ts'
import { issueInstallationToken } from '../tokens.ts'
import { repositoryView } from '../views/repository.ts'

type Narrowed<T> = { ok: true; value: T } | { ok: false; answer: Answer }

const create: Handler = (call, world) => {
  const installation = world.store.get('installation', call.number('installation_id'))
  if (installation === undefined) return notFound()
  const repositories = narrowRepositories(call, world, installation)
  if (!repositories.ok) return repositories.answer
  const permissions = narrowPermissions(call, world.app.permissions)
  if (!permissions.ok) return permissions.answer
  const chosen = repositories.value
  const { token, expiresAt } = issueInstallationToken(world.store, {
    appId: world.app.id,
    installationId: installation.id,
    repositoryIds: chosen?.map(({ id }) => id) ?? null,
    permissions: permissions.value,
  })
  return answer(201, {
    token,
    expires_at: expiresAt,
    permissions: permissions.value,
    repository_selection: 'selected',
    ...(chosen === null ? {} : { repositories: chosen.map((each) => repositoryView(world, each)) }),
  })
}

/** The repositories asked for by name or id; null where none were named, which means all of the installation. */
function narrowRepositories(
  call: Call,
  world: World,
  installation: InstallationRecord,
): Narrowed<RepositoryRecord[] | null> {
  const names = texts(call.body['repositories'])
  const ids = list(call.body['repository_ids'])
  if (names === undefined && ids === undefined) return { ok: true, value: null }
  const installed = installation.repositoryIds.flatMap((id) => world.store.get('repository', id) ?? [])
  const wanted = [
    ...(names ?? []).map((name) => installed.find((each) => each.name.toLowerCase() === name.toLowerCase())),
    ...(ids ?? []).map((id) => installed.find((each) => each.id === id)),
  ]
  if (!wanted.includes(undefined)) return { ok: true, value: wanted.filter((each) => each !== undefined) }
  const message =
    'There is at least one repository that does not exist or is not accessible to the parent installation.'
  return { ok: false, answer: refuse(422, message) }
}

function narrowPermissions(call: Call, granted: Record<string, string>): Narrowed<Record<string, string>> {
  const asked = object(call.body['permissions'])
  if (asked === undefined) return { ok: true, value: granted }
  const value = Object.fromEntries(Object.entries(asked).map(([name, level]) => [name, text(level) ?? 'read']))
  const allowed = Object.entries(value).every(([name, level]) => {
    const permission: Permission = `${name}:${level === 'read' ? 'read' : 'write'}`
    return grants(granted, permission)
  })
  if (!allowed) {
    return { ok: false, answer: refuse(422, 'The permissions requested are not granted to this installation.') }
  }
  // Everybody who may do something may see the repository's metadata.
  return { ok: true, value: { metadata: 'read', ...value } }
}

export const accessTokens: Handlers = { 'apps/create-installation-access-token': create }
