import { roleOf } from '../access.ts'
import { userByLogin } from '../people.ts'
import { mayRead } from './actor.ts'
import { repositoryPath } from './addresses.ts'
import { html } from './html.ts'
import { issueRows } from './issue-list.ts'
import { repositoryList } from './home.ts'
import { nothingHere } from './nothing-here.ts'
import type { Show } from './visit.ts'

const NEWEST = 20

/** A person or an organization: repositories, and what the person opened last. */
export const personPage: Show = ({ world, actor, params }) => {
  const user = userByLogin(world.store, params['login'] ?? '')
  if (user === undefined || user.type === 'Bot') return nothingHere
  const { store } = world
  const readable = store.list('repository').filter((repository) => mayRead(world, repository, actor))
  const own = readable.filter(({ ownerId }) => ownerId === user.id)
  const roles = readable.map((repository) => ({ repository, role: roleOf(store, repository, user.id) }))
  const opened = readable.flatMap(({ id }) => store.list('issue', id)).filter(({ authorId }) => authorId === user.id)
  const newest = opened.toSorted((one, other) => other.id - one.id).slice(0, NEWEST)
  const main = html`<div id="person">
      <h1>${user.login}</h1>
      <p class="quiet">${user.type === 'User' ? 'A person' : 'An organization'}.</p>
    </div>
    <section id="repositories">
      <h2>Repositories</h2>
      ${repositoryList(world, own)}
    </section>
    ${
      user.type === 'User' &&
      html`<section id="roles">
        <h2>Roles</h2>
        <ul class="rows">
          ${roles.map(({ repository, role }) => html`<li><a href="${repositoryPath(repository)}">${repository.fullName}</a> <span class="quiet">${role}</span></li>`)}
        </ul>
      </section>`
    }
    <section id="opened">
      <h2>Opened last</h2>
      ${issueRows(world, newest)}
    </section>`
  return { kind: 'page', title: user.login, main }
}

/** An app: what it may do and what it hears. */
export const appPage: Show = ({ world, params }) => {
  const app = world.store.list('app').find(({ slug }) => slug === params['slug'])
  if (app === undefined) return nothingHere
  const permissions = Object.entries(app.permissions)
  const main = html`<div id="app">
      <h1>${app.name}</h1>
      <p class="quiet">An app.</p>
    </div>
    <section id="permissions">
      <h2>Permissions</h2>
      <ul>
        ${permissions.map(([name, level]) => html`<li>${name.replaceAll('_', ' ')}: ${level}</li>`)}
      </ul>
    </section>
    <section id="events">
      <h2>Events</h2>
      <p>${app.events.join(', ') || 'none'}</p>
    </section>`
  return { kind: 'page', title: app.name, main }
}
