import type { World } from '../contract.ts'
import type { RepositoryRecord, UserRecord } from '../records.ts'
import { mayRead } from './actor.ts'
import { repositoryPath, userPath } from './addresses.ts'
import { html, type Html } from './html.ts'
import { counted } from './pieces.ts'
import type { Show } from './visit.ts'

/** All repositories and everybody. */
export const homePage: Show = ({ world, actor }) => {
  const repositories = world.store.list('repository').filter((repository) => mayRead(world, repository, actor))
  const users = world.store.list('user')
  const main = html`<div id="intro">
      <h1>Local GitHub</h1>
      <p>A GitHub on this machine, at <code>${world.url}</code>. Its API is at <code>${world.apiUrl}</code>.</p>
    </div>
    <section id="repositories">
      <h2>Repositories</h2>
      ${repositoryList(world, repositories)}
    </section>
    <section id="people">
      <h2>People and apps</h2>
      <ul class="rows">
        ${users.map(userRow)}
      </ul>
    </section>`
  return { kind: 'page', title: 'Local GitHub', main }
}

export function repositoryList(world: World, repositories: readonly RepositoryRecord[]): Html {
  if (repositories.length === 0) return html`<p class="none">There is no repository to be seen.</p>`
  const rows = repositories.map((repository) => {
    const open = world.store.list('issue', repository.id).filter(({ state }) => state === 'open')
    const pulls = open.filter(({ isPull }) => isPull).length
    return html`<li>
      <a href="${repositoryPath(repository)}"><strong>${repository.fullName}</strong></a>
      ${repository.private && html`<span class="tag">private</span>`}
      <span class="quiet">${counted(open.length - pulls, 'open issue')}, ${counted(pulls, 'open pull request')}</span>
    </li>`
  })
  return html`<ul class="rows">
    ${rows}
  </ul>`
}

function userRow({ login, type }: UserRecord): Html {
  const kind = type === 'User' ? 'person' : type === 'Bot' ? 'app' : 'organization'
  return html`<li><a href="${userPath(login)}">${login}</a> <span class="quiet">${kind}</span></li>`
}
