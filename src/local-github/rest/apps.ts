import { reaches } from '../access.ts'
import { answer, notFound, paged } from '../answers.ts'
import type { Handler, Handlers, World } from '../contract.ts'
import { installationOn } from '../emit.ts'
import { repositoryByName, userByLogin } from '../people.ts'
import type { UserRecord } from '../records.ts'
import { appView, installationView } from '../views/app.ts'
import { repositoryView } from '../views/repository.ts'

const getAuthenticated: Handler = (_call, world) => {
  const app = world.store.get('app', world.app.id)
  if (app === undefined) return notFound()
  const installations = world.store.list('installation').length
  return answer(200, { ...appView(world, app), installations_count: installations })
}

const getBySlug: Handler = (call, world) => {
  const app = world.store.list('app').find(({ slug }) => slug === call.text('app_slug'))
  return app === undefined ? notFound() : answer(200, appView(world, app))
}

const listInstallations: Handler = (call, world) =>
  paged(call, world.store.list('installation'), (installation) => installationView(world, installation))

const getInstallation: Handler = (call, world) => {
  const installation = world.store.get('installation', call.number('installation_id'))
  return installation === undefined ? notFound() : answer(200, installationView(world, installation))
}

const getRepoInstallation: Handler = (call, world) => {
  const repository = repositoryByName(world.store, `${call.text('owner')}/${call.text('repo')}`)
  const installation = repository === undefined ? undefined : installationOn(world, repository)
  return installation === undefined ? notFound() : answer(200, installationView(world, installation))
}

function ofAccount(world: World, login: string, isOrganization: boolean) {
  const fits = (user: UserRecord): boolean => (user.type === 'Organization') === isOrganization
  const account = userByLogin(world.store, login)
  if (account === undefined || !fits(account)) return notFound()
  const installation = world.store.list('installation').find(({ accountId }) => accountId === account.id)
  return installation === undefined ? notFound() : answer(200, installationView(world, installation))
}

const getOrgInstallation: Handler = (call, world) => ofAccount(world, call.text('org'), true)
const getUserInstallation: Handler = (call, world) => ofAccount(world, call.text('username'), false)

const listRepositories: Handler = (call, world) => {
  const { caller } = call
  if (caller.kind !== 'installation') return notFound()
  const repositories = world.store.list('repository').filter((repository) => reaches(caller, repository))
  return paged(call, repositories, (repository) => repositoryView(world, repository), 'repositories')
}

const revokeToken: Handler = (call, world) => {
  if (call.caller.kind === 'installation') world.store.remove('token', call.caller.grant.tokenId)
  return answer(204)
}

export const apps: Handlers = {
  'apps/get-authenticated': getAuthenticated,
  'apps/get-by-slug': getBySlug,
  'apps/list-installations': listInstallations,
  'apps/get-installation': getInstallation,
  'apps/get-repo-installation': getRepoInstallation,
  'apps/get-org-installation': getOrgInstallation,
  'apps/get-user-installation': getUserInstallation,
  'apps/list-repos-accessible-to-installation': listRepositories,
  'apps/revoke-installation-access-token': revokeToken,
}
