import { diffFiles } from '../git/diff.ts'
import { findRevision } from '../revisions.ts'
import { checkList } from './checks.ts'
import { authorOf, subjectOf } from './commit-list.ts'
import { commitPath, treePath } from './addresses.ts'
import { diffPart } from './diff.ts'
import { html } from './html.ts'
import { isLive } from './live.ts'
import { plainText } from './markdown.ts'
import { nothingHere } from './nothing-here.ts'
import { shortSha, when } from './pieces.ts'
import type { ShowInRepository } from './visit.ts'

/** A commit: its message, its checks and what it changed since its first parent. */
export const commitPage: ShowInRepository = async ({ world, repository, params }) => {
  const given = params['revision'] ?? ''
  const found = await findRevision(world, repository, given)
  if (!found.ok) return nothingHere
  const { commit } = found
  if (commit.sha !== given) return { kind: 'redirect', to: commitPath(repository, commit.sha) }
  const files = await diffFiles(world.gitDir(repository), commit.parents[0] ?? null, commit.sha)
  const place = { world, repository }
  const rest = commit.message.split('\n').slice(1).join('\n').trim()
  const main = html`<div id="commit">
      <h1>${plainText(place, subjectOf(commit))}</h1>
      ${rest !== '' && html`<p class="message">${plainText(place, rest)}</p>`}
      <p>${authorOf(world, commit)} <span class="quiet">${when(commit.committer.date)}</span></p>
      <p>
        Commit <code class="long">${commit.sha}</code>,
        ${commit.parents.length === 0 ? 'without a parent' : html`after ${commit.parents.map((sha) => html`${shortSha(repository, sha)} `)}`}
        <a href="${treePath(repository, 'tree', commit.sha, '')}">Browse the files</a>
      </p>
    </div>
    <section id="checks">
      <h2>Checks</h2>
      ${checkList(world, repository, commit.sha)}
    </section>
    <section id="files">
      <h2>Files</h2>
      ${diffPart(repository, commit.sha, files)}
    </section>`
  return { kind: 'page', title: subjectOf(commit), main, tab: 'code', live: isLive(world, repository) }
}
