import { listCommits } from '../git/commits.ts'
import type { TreeEntry } from '../git/contract.ts'
import { listTree } from '../git/trees.ts'
import { findRevision } from '../revisions.ts'
import type { RepositoryRecord } from '../records.ts'
import { commitRows } from './commit-list.ts'
import { repositoryPath, treePath as pathOf } from './addresses.ts'
import { findPlace, type GitPlace } from './git-place.ts'
import { html, type Html } from './html.ts'
import { nothingHere } from './nothing-here.ts'
import type { ShowInRepository } from './visit.ts'

const COMMITS = 100

/** A folder. */
export const treePage: ShowInRepository = async ({ world, repository, params }) => {
  const place = await findPlace(world, repository, params['place'] ?? '')
  if (place === null) return nothingHere
  const { revision, path, entry } = place
  if (entry.type !== 'tree') return { kind: 'redirect', to: pathOf(repository, 'blob', revision, path) }
  const entries = (await listTree(world.gitDir(repository), entry.sha, false)) ?? []
  const main = html`${placeHead(repository, place)}
    <ul id="entries" class="rows">
      ${entries.map((each) => entryRow(repository, place, each))}
    </ul>`
  return { kind: 'page', title: path === '' ? revision : path, main, tab: 'code' }
}

/** The way to a file or folder, each step a link. */
export function placeHead(repository: RepositoryRecord, { revision, path }: GitPlace): Html {
  const parts = path === '' ? [] : path.split('/')
  const steps = parts.map((part, index) => {
    const here = parts.slice(0, index + 1).join('/')
    return html` /
    ${index === parts.length - 1 ? part : html`<a href="${pathOf(repository, 'tree', revision, here)}">${part}</a>`}`
  })
  return html`<div id="place">
    <h1><a href="${pathOf(repository, 'tree', revision, '')}">${repository.name}</a>${steps}</h1>
    <p>at <code>${revision}</code> · <a href="${repositoryPath(repository)}/commits/${revision}">Commits</a></p>
  </div>`
}

function entryRow(repository: RepositoryRecord, { revision, path }: GitPlace, entry: TreeEntry): Html {
  const full = path === '' ? entry.path : `${path}/${entry.path}`
  if (entry.type === 'commit') return html`<li>${entry.path} <span class="quiet">submodule</span></li>`
  const kind = entry.type === 'tree' ? 'tree' : 'blob'
  return html`<li><a href="${pathOf(repository, kind, revision, full)}">${entry.path}${kind === 'tree' && '/'}</a></li>`
}

/** The newest commits of a branch, a tag or a commit. */
export const commitsPage: ShowInRepository = async ({ world, repository, params }) => {
  const revision = params['revision'] || repository.defaultBranch
  const found = await findRevision(world, repository, revision)
  if (!found.ok) return nothingHere
  const commits = await listCommits(world.gitDir(repository), { from: found.commit.sha, skip: 0, limit: COMMITS })
  const main = html`<h1 id="title-of-page">Commits of <code>${revision}</code></h1>
    <div id="commits">${commitRows(world, repository, commits)}</div>`
  return { kind: 'page', title: `Commits of ${revision}`, main, tab: 'code' }
}
