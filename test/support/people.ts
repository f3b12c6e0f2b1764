import { Octokit } from '@octokit/rest'
import type { LocalGitHub } from '../../src/local-github/server.ts'

/** The people of a repository, weakest last. `eve` is nobody to it. */
export const PEOPLE = { ann: 'admin', mia: 'maintain', bob: 'write', tom: 'triage', rob: 'read' } as const
export type Login = keyof typeof PEOPLE | 'eve'

/** Each with a client and a token of their own. */
export async function people(github: LocalGitHub): Promise<(login: Login) => Octokit> {
  const logins: Login[] = [...(Object.keys(PEOPLE) as Login[]), 'eve']
  const clients = await Promise.all(
    logins.map(
      async (login) =>
        [login, new Octokit({ baseUrl: github.apiUrl, auth: await github.personalToken(login) })] as const,
    ),
  )
  const of = new Map(clients)
  return (login) => {
    const client = of.get(login)
    if (!client) throw new Error(`nobody is called ${login}`)
    return client
  }
}
