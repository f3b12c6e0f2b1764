import { repositoryPath } from './addresses.ts'
import { people } from './actor.ts'
import { html, type Html } from './html.ts'
import type { RepositoryRecord } from '../records.ts'
import type { Reply, Tab, Visit } from './visit.ts'

type Page = Extract<Reply, { kind: 'page' }>

const TABS: readonly [Tab, string, string][] = [
  ['code', '', 'Code'],
  ['issues', '/issues', 'Issues'],
  ['pulls', '/pulls', 'Pull requests'],
  ['actions', '/actions', 'Actions'],
  ['deployments', '/deployments', 'Deployments'],
  ['tags', '/tags', 'Tags'],
]

/** The part of a page that is asked for again while it is live. */
export function mainPart(page: Page): Html {
  return html`<main id="main" data-parts${page.live === true && html` data-live`}>${page.main}</main>`
}

/** A whole document. */
export function documentOf(page: Page, visit: Visit, repository: RepositoryRecord | undefined, nonce: string): Html {
  const place = repository === undefined ? '' : ` · ${repository.fullName}`
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${page.title}${place}</title>
        <link rel="icon" href="/_assets/icon.svg" />
        <link rel="stylesheet" href="/_assets/base.css" nonce="${nonce}" />
        <link rel="stylesheet" href="/_assets/conversation.css" nonce="${nonce}" />
        <link rel="stylesheet" href="/_assets/code.css" nonce="${nonce}" />
        <script type="module" src="/_assets/refresh.js" nonce="${nonce}"></script>
        <script type="module" src="/_assets/diagrams.js" nonce="${nonce}"></script>
        <script type="module" src="/_assets/lines.js" nonce="${nonce}"></script>
      </head>
      <body>
        <a class="skip" href="#main">Skip to content</a>
        <header>
          <a class="home" href="/">Local GitHub</a>
          ${actorForm(visit)}
        </header>
        ${repository === undefined ? '' : navigation(repository, page.tab)} ${mainPart(page)}
        <footer>
          ${page.live === true && html`<p id="following" role="status">This page follows what happens.</p>`}
        </footer>
      </body>
    </html> `
}

function actorForm({ world, actor, url }: Visit): Html {
  const options = people(world).map(
    ({ id, login }) => html`<option${id === actor?.id && html` selected`}>${login}</option>`,
  )
  if (options.length === 0) return html`<p>Nobody lives here yet.</p>`
  return html`<form class="actor" method="post" action="/_acting-as">
    <input type="hidden" name="back" value="${url.pathname}${url.search}" />
    <label for="acting-as">Acting as</label>
    <select id="acting-as" name="login">
      ${options}
    </select>
    <button>Change</button>
  </form>`
}

function navigation(repository: RepositoryRecord, current: Tab | undefined): Html {
  const home = repositoryPath(repository)
  const tabs = TABS.map(([tab, path, name]) => {
    return html`<li><a href="${home}${path}" ${tab === current && html` aria-current="page"`}>${name}</a></li>`
  })
  const [owner = '', name = ''] = repository.fullName.split('/')
  return html`<nav aria-label="${repository.fullName}">
    <p>
      <a href="/${encodeURIComponent(owner)}">${owner}</a> / <a href="${home}"><strong>${name}</strong></a
      >${repository.private && html` <span class="tag">private</span>`}
    </p>
    <ul>
      ${tabs}
    </ul>
  </nav>`
}
