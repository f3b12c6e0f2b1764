import { listCommits } from '../git/commits.ts'
import { listRefs, resolveCommit } from '../git/refs.ts'
import { repositoryPath, treePath } from './addresses.ts'
import { commitRows } from './commit-list.ts'
import { html } from './html.ts'
import { isLive } from './live.ts'
import { shortSha } from './pieces.ts'
import type { ShowInRepository } from './visit.ts'

const COMMITS = 10

/** A repository: its newest commits and its branches. */
export const overview: ShowInRepository = async ({ world, repository }) => {
  const directory = world.gitDir(repository)
  const { defaultBranch, fullName } = repository
  const head = await resolveCommit(directory, `refs/heads/${defaultBranch}`)
  const commits = head === null ? [] : await listCommits(directory, { from: head, skip: 0, limit: COMMITS })
  const branches = await listRefs(directory, 'refs/heads/')
  const rows = branches.map(({ name, sha }) => {
    const branch = name.slice('refs/heads/'.length)
    return html`<li>
      <a href="${treePath(repository, 'tree', branch, '')}"><code>${branch}</code></a> ${shortSha(repository, sha)}
      ${branch === defaultBranch && html`<span class="tag">default</span>`}
    </li>`
  })
  const home = repositoryPath(repository)
  const main = html`<div id="overview">
      <h1>${fullName}</h1>
      <p>Clone it from <code>${world.url}/${fullName}.git</code></p>
      <p>
        <a href="${treePath(repository, 'tree', defaultBranch, '')}">Files</a> ·
        <a href="${home}/issues/new">New issue</a>
      </p>
    </div>
    <section id="commits">
      <h2>Newest commits of <code>${defaultBranch}</code></h2>
      ${commitRows(world, repository, commits)}
      <p><a href="${home}/commits/${defaultBranch}">More commits</a></p>
    </section>
    <section id="branches">
      <h2>Branches</h2>
      ${
        rows.length === 0
          ? html`<p class="none">There is no branch yet.</p>`
          : html`<ul class="rows">
              ${rows}
            </ul>`
      }
    </section>`
  return { kind: 'page', title: fullName, main, tab: 'code', live: isLive(world, repository) }
}
