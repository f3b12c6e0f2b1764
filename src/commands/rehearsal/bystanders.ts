import type { Person } from './people.ts'

/**
 * A release bot for a repository of which no workflow reacts to deployments: it reports every deployment as done. Without
 * it a rehearsal of such a repository would wait for somebody who is not there.
 */
export function releaseBot(person: Person, repo: string): { stop(): Promise<void> } {
  const [owner = '', name = ''] = repo.split('/')
  const at = { owner, repo: name }
  const done = new Set<number>()
  let stopped = false
  const look = async () => {
    const { data } = await person.octokit.repos.listDeployments({ ...at, per_page: 30 })
    for (const { id } of data.filter((each) => !done.has(each.id))) {
      done.add(id)
      const status = { ...at, deployment_id: id, state: 'success', description: 'reported by the rehearsal' } as const
      await person.octokit.repos.createDeploymentStatus(status)
    }
  }
  const looking = (async () => {
    while (!stopped) {
      await look()
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
  })()
  return {
    async stop() {
      stopped = true
      await looking
    },
  }
}

const LOOK_MS = 100
