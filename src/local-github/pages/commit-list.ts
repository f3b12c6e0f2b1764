import type { World } from '../contract.ts'
import type { Commit } from '../git/contract.ts'
import type { RepositoryRecord } from '../records.ts'
import { userByEmail } from '../signatures.ts'
import { commitPath } from './addresses.ts'
import { html, type Html } from './html.ts'
import { shortSha, when, who } from './pieces.ts'

/** Commits, one a row. */
export function commitRows(world: World, repository: RepositoryRecord, commits: readonly Commit[]): Html {
  if (commits.length === 0) return html`<p class="none">There is no commit.</p>`
  const rows = commits.map((commit) => {
    return html`<li>
      ${shortSha(repository, commit.sha)} <a href="${commitPath(repository, commit.sha)}">${subjectOf(commit)}</a>
      <span class="quiet">${authorOf(world, commit)} ${when(commit.committer.date)}</span>
    </li>`
  })
  return html`<ul class="rows">
    ${rows}
  </ul>`
}

export function subjectOf({ message }: Commit): string {
  return message.split('\n', 1)[0] ?? ''
}

/** The account behind the author's address, or the name in the commit. */
export function authorOf(world: World, { author }: Commit): Html {
  const user = userByEmail(world, author.email)
  return user === undefined ? html`${author.name}` : who(world, user.id)
}
