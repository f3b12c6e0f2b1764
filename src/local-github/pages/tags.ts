import { listRefs } from '../git/refs.ts'
import type { ReleaseRecord } from '../code-records.ts'
import type { World } from '../contract.ts'
import type { RepositoryRecord } from '../records.ts'
import { repositoryPath, treePath } from './addresses.ts'
import { html, type Html } from './html.ts'
import { isLive } from './live.ts'
import { markdown } from './markdown.ts'
import { nothingHere } from './nothing-here.ts'
import { shortSha, when, who } from './pieces.ts'
import type { ShowInRepository } from './visit.ts'

/** Releases and tags, newest name first. */
export const tagsPage: ShowInRepository = async ({ world, repository }) => {
  const tags = (await listRefs(world.gitDir(repository), 'refs/tags/')).toReversed()
  const releases = world.store.list('release', repository.id).toReversed()
  const rows = tags.map(({ name, peeled }) => {
    const tag = name.slice('refs/tags/'.length)
    return html`<li>
      <a href="${treePath(repository, 'tree', tag, '')}"><strong>${tag}</strong></a> ${shortSha(repository, peeled)}
    </li>`
  })
  const main = html`<h1 id="title-of-page">Tags and releases</h1>
    <section id="releases">
      <h2>Releases</h2>
      ${listOr(
        'There is no release.',
        releases.map((each) => releaseRow(world, repository, each)),
      )}
    </section>
    <section id="tags">
      <h2>Tags</h2>
      ${listOr('There is no tag.', rows)}
    </section>`
  return { kind: 'page', title: 'Tags', main, tab: 'tags', live: isLive(world, repository) }
}

function listOr(none: string, rows: readonly Html[]): Html {
  return rows.length === 0
    ? html`<p class="none">${none}</p>`
    : html`<ul class="rows">
        ${rows}
      </ul>`
}

function releaseRow(world: World, repository: RepositoryRecord, release: ReleaseRecord): Html {
  const { tag, name, draft, prerelease, authorId, createdAt } = release
  return html`<li>
    <a href="${repositoryPath(repository)}/releases/tag/${encodeURIComponent(tag)}"><strong>${name || tag}</strong></a>
    ${draft && html`<span class="tag">draft</span>`} ${prerelease && html`<span class="tag">pre-release</span>`}
    <span class="quiet">${tag}, by ${who(world, authorId)} ${when(createdAt)}</span>
  </li>`
}

/** A release with its notes. */
export const releasePage: ShowInRepository = ({ world, repository, params }) => {
  const release = world.store.list('release', repository.id).find(({ tag }) => tag === params['tag'])
  if (release === undefined) return nothingHere
  const title = release.name || release.tag
  const main = html`<div id="release">
      <h1>${title}</h1>
      <p>
        <a href="${treePath(repository, 'tree', release.tag, '')}"><code>${release.tag}</code></a> by
        ${who(world, release.authorId)} <span class="quiet">${when(release.createdAt)}</span>
      </p>
    </div>
    <div id="notes" class="markdown">${markdown({ world, repository }, release.body)}</div>`
  return { kind: 'page', title, main, tab: 'tags' }
}
