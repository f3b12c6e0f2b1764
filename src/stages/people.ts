import type { RepositoryConnection } from '../github/client.ts'
import { permissionOf, teamsOf } from '../github/people.ts'
import type { Person } from '../policy/authorisation.ts'

/** Who somebody is to this repository now, asked of GitHub; team memberships only where teams count. */
export async function personOf(at: RepositoryConnection, login: string, teams: string[]): Promise<Person> {
  const bot = login.endsWith('[bot]')
  // GitHub answers 404 for an app's account; it is somebody only by being named in the configuration.
  const permission = bot ? 'none' : await permissionOf(at, login)
  return { login, bot, permission, teams: teams.length > 0 && !bot ? await teamsOf(at, login, teams) : [] }
}

/** Whoever can comment can read: for some commands that is all there is to know. */
export function reader(login: string): Person {
  return { login, bot: login.endsWith('[bot]'), permission: 'read', teams: [] }
}
