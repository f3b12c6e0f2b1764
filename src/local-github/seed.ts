import type { DependencyRecord } from './dependency-record.ts'
import type { World } from './contract.ts'
import type { Emitter } from './emit.ts'
import { importRepository } from './git/import.ts'
import { readRef } from './git/refs.ts'
import { defaultBranch, initRepository } from './git/repository.ts'
import type { Role } from './openapi/operations.ts'
import { ensureUser, repositoryByName, userByLogin } from './people.ts'
import type { RepositoryRecord, UserRecord } from './records.ts'
import { intendMoves, refsMoved } from './ref-moves.ts'
import { personalToken } from './tokens.ts'
import { installationView } from './views/app.ts'
import { nodeId, userView } from './views/user.ts'

interface ProtectionRule {
  requiredChecks?: string[]
  requiredReviews?: number
  /** As a ruleset: the branch changes through merged pull requests only. */
  pullRequestOnly?: boolean
}

/**
 * Sets up what tests and the demo need. Every call may be made again, after any interruption; it then changes nothing or
 * brings what is there to what is asked. All reject where a named thing does not exist.
 */
export interface Seed {
  addUser(login: string, options?: { type?: UserRecord['type'] }): Promise<void>
  /**
   * `owner/name`, taken from a git repository at `from`, else empty. Its owner is made where missing. Default: public. With
   * `pushedBy`, its default branch counts as just pushed by that person, and its workflows run.
   */
  addRepository(fullName: string, options?: { from?: string; private?: boolean; pushedBy?: string }): Promise<void>
  /** `login` may also be a team, as `org/slug`. */
  setCollaborator(fullName: string, login: string, role: Role): Promise<void>
  addTeam(org: string, slug: string, members: string[]): Promise<void>
  /** Installs the app on the repository's owner for this repository too. Gives the installation's id. */
  install(fullName: string): Promise<number>
  personalToken(login: string): Promise<string>
  protect(fullName: string, branch: string, rule: ProtectionRule): Promise<void>
  /** A package that the dependency review says is added wherever a comparison changes its manifest. */
  addDependency(fullName: string, dependency: Omit<DependencyRecord, 'id' | 'repositoryId'>): Promise<void>
  setSecret(fullName: string, name: string, value: string): Promise<void>
  setVariable(fullName: string, name: string, value: string): Promise<void>
}

export function createSeed(world: World, tell: Emitter['tell']): Seed {
  const { store } = world

  function repositoryOf(fullName: string): RepositoryRecord {
    const found = repositoryByName(store, fullName)
    if (found === undefined) throw new Error(`there is no repository ${fullName}: add it first`)
    return found
  }

  function userOf(login: string): UserRecord {
    const found = userByLogin(store, login)
    if (found === undefined) throw new Error(`nobody is called '${login}' here: add the user first`)
    return found
  }

  return {
    async addUser(login, options = {}) {
      ensureUser(world, login, options.type ?? 'User')
    },
    addRepository: (fullName, options = {}) => addRepository(world, fullName, options),
    async setCollaborator(fullName, login, role) {
      const repository = repositoryOf(fullName)
      const [org = '', slug] = login.split('/')
      if (slug === undefined) {
        const userId = userOf(login).id
        store.put('collaborator', { id: `${repository.id}/${userId}`, repositoryId: repository.id, userId, role })
        return
      }
      const organizationId = userOf(org).id
      const team = store.list('team').find((each) => each.slug === slug && each.organizationId === organizationId)
      if (team === undefined) throw new Error(`there is no team ${login}: add it first`)
      store.put('team', { ...team, repositories: { ...team.repositories, [repository.id]: role } })
    },
    async addTeam(org, slug, members) {
      const organization = ensureUser(world, org, 'Organization')
      const memberIds = members.map((login) => ensureUser(world, login, 'User').id)
      const known = store.list('team').find((team) => team.organizationId === organization.id && team.slug === slug)
      const team = known ?? { id: world.id(), organizationId: organization.id, slug, name: slug, repositories: {} }
      store.put('team', { ...team, memberIds })
    },
    install: async (fullName) => install(world, tell, repositoryOf(fullName)),
    personalToken: async (login) => personalToken(store, userOf(login).id),
    async protect(fullName, branch, rule) {
      protect(world, repositoryOf(fullName), branch, rule)
    },
    async addDependency(fullName, dependency) {
      const repositoryId = repositoryOf(fullName).id
      const known = store
        .list('dependency', repositoryId)
        .find(({ manifest, name }) => manifest === dependency.manifest && name === dependency.name)
      store.put('dependency', { ...dependency, repositoryId, id: known?.id ?? world.id() })
    },
    async setSecret(fullName, name, value) {
      const repositoryId = repositoryOf(fullName).id
      store.put('secret', { id: `${repositoryId}/${name}`, repositoryId, name, value })
    },
    async setVariable(fullName, name, value) {
      const repositoryId = repositoryOf(fullName).id
      store.put('variable', { id: `${repositoryId}/${name}`, repositoryId, name, value })
    },
  }
}

async function addRepository(
  world: World,
  fullName: string,
  options: { from?: string; private?: boolean; pushedBy?: string },
): Promise<void> {
  const { store } = world
  if (repositoryByName(store, fullName) !== undefined) return
  const [login = '', name = ''] = fullName.split('/')
  const owner = ensureUser(world, login, 'User')
  const now = world.now()
  const times = { createdAt: now, updatedAt: now, pushedAt: now }
  const draft = { id: world.id(), ownerId: owner.id, name, fullName: `${owner.login}/${name}`, ...times }
  const repository: RepositoryRecord = { ...draft, private: options.private ?? false, defaultBranch: 'main' }
  const directory = world.gitDir(repository)
  // The record comes last: whoever is killed before it begins anew.
  await initRepository(directory, 'main')
  if (options.from !== undefined) await importRepository(directory, options.from)
  const branch = await defaultBranch(directory)
  const head = await readRef(directory, `refs/heads/${branch}`)
  const actor = options.pushedBy === undefined ? null : ensureUser(world, options.pushedBy, 'User')
  const added = store.put('repository', { ...repository, defaultBranch: branch })
  if (actor === null || head === null) return
  const deed = { repository: added, actor, viaApp: null, byWorkflow: false }
  const changes = [{ name: head.name, before: null, after: head.sha }]
  // Written down together with the repository: whoever is killed now finishes it at the next start.
  intendMoves(world, deed, changes)
  await world.exclusively(added.id, () => refsMoved(world, deed, changes))
}

function install(world: World, tell: Emitter['tell'], repository: RepositoryRecord): number {
  const { store } = world
  const owner = store.get('user', repository.ownerId)
  const known = store.list('installation').find(({ accountId }) => accountId === repository.ownerId)
  if (known?.repositoryIds.includes(repository.id) === true) return known.id
  const { id, name, fullName } = repository
  const added = [{ id, node_id: nodeId('Repository', id), name, full_name: fullName, private: repository.private }]
  const sender = owner === undefined ? {} : { sender: userView(world, owner) }
  const now = world.now()
  const begun = known ?? { id: world.id(), accountId: repository.ownerId, repositoryIds: [], createdAt: now }
  const repositoryIds = [...begun.repositoryIds, repository.id]
  const installation = store.put('installation', { ...begun, repositoryIds, updatedAt: now })
  const view = installationView(world, installation)
  if (known === undefined) {
    const payload = { installation: view, repositories: added, requester: null, ...sender }
    tell(installation, { event: 'installation', action: 'created', payload })
  } else {
    const change = { repository_selection: 'selected', repositories_added: added, repositories_removed: [] }
    const payload = { installation: view, ...change, requester: null, ...sender }
    tell(installation, { event: 'installation_repositories', action: 'added', payload })
  }
  return installation.id
}

function protect(world: World, repository: RepositoryRecord, branch: string, rule: ProtectionRule): void {
  const { store } = world
  const { requiredChecks = [], requiredReviews = 0, pullRequestOnly = false } = rule
  const repositoryId = repository.id
  const protection = store.list('protection', repositoryId).find((each) => each.branch === branch)
  if (requiredChecks.length > 0 || requiredReviews > 0) {
    const id = protection?.id ?? world.id()
    store.put('protection', { id, repositoryId, branch, requiredChecks, requiredReviews })
  } else if (protection !== undefined) store.remove('protection', protection.id)

  const ruleset = store.list('ruleset', repositoryId).find((each) => each.branch === branch)
  if (pullRequestOnly && ruleset === undefined) {
    const now = world.now()
    const name = `${branch} changes through pull requests`
    const times = { createdAt: now, updatedAt: now }
    store.put('ruleset', { id: world.id(), repositoryId, name, branch, rules: ['pull_request'], ...times })
  } else if (!pullRequestOnly && ruleset !== undefined) store.remove('ruleset', ruleset.id)
}
