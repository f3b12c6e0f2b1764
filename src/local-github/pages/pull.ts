import { diffText } from '../git/diff.ts'
import { pullByNumber } from '../pulls.ts'
import type { IssueRecord } from '../records.ts'
import { mergeableState, protectionRefusal } from '../requirements.ts'
import type { Pull } from '../views/pull.ts'
import { issuePath, treePath } from './addresses.ts'
import { checkList } from './checks.ts'
import { commentForm, type Refusal } from './comment-form.ts'
import { commitRows } from './commit-list.ts'
import { diffPart } from './diff.ts'
import { html, type Html } from './html.ts'
import { descriptionBox, issueHead, sidePart } from './issue.ts'
import { isLive } from './live.ts'
import { nothingHere } from './nothing-here.ts'
import { counted, shortSha, stateTag, when, who } from './pieces.ts'
import { pullChanges } from './pull-changes.ts'
import { timelineOf } from './timeline.ts'
import { timelineList } from './timeline-entries.ts'
import type { Reply, RepositoryVisit, ShowInRepository } from './visit.ts'

/** A pull request: conversation, checks, whether it can be merged, commits and files. */
export const pullPage: ShowInRepository = (visit) => {
  const { world, repository, params } = visit
  const both = pullByNumber(world, repository, Number(params['number']))
  if (both !== undefined) return pullPageWith(visit, both.issue, null)
  const issue = world.store.list('issue', repository.id).find(({ number }) => number === Number(params['number']))
  return issue === undefined ? nothingHere : { kind: 'redirect', to: issuePath(repository, issue) }
}

/** The page, with what was wrong with the form that was sent from it. */
export async function pullPageWith(
  visit: RepositoryVisit,
  issue: IssueRecord,
  refusal: Refusal | null,
): Promise<Reply> {
  const { world, repository } = visit
  const both = pullByNumber(world, repository, issue.number)
  if (both === undefined) return nothingHere
  const { pull } = both
  const { commits, files } = await pullChanges(world.gitDir(repository), pull.baseSha, pull.headSha)
  const branch = (name: string): Html =>
    html`<a href="${treePath(repository, 'tree', name, '')}"><code>${name}</code></a>`
  const wants = html`wants to merge ${counted(pull.size.commits, 'commit')} from ${branch(pull.headRef)} into
  ${branch(pull.baseRef)}`
  const main = html`${issueHead(visit, issue, wants)}
    <ul id="contents" class="choice">
      <li><a href="#checks">Checks</a></li>
      <li><a href="#commits">Commits</a></li>
      <li><a href="#files">Files</a></li>
    </ul>
    ${descriptionBox(visit, issue)} ${timelineList(world, repository, timelineOf(world, repository, issue))}
    ${sidePart(visit, issue, reviewersPart(visit, both))} ${mergePart(visit, both)}
    <section id="checks">
      <h2>Checks of ${shortSha(repository, pull.headSha)}</h2>
      ${checkList(world, repository, pull.headSha)}
    </section>
    ${commentForm(visit, issue, refusal)}
    <section id="commits">
      <h2>Commits</h2>
      ${commitRows(world, repository, commits)}
    </section>
    <section id="files">
      <h2>Files</h2>
      ${diffPart(repository, pull.headSha, files)}
    </section>`
  const status = refusal?.status ?? 200
  return {
    kind: 'page',
    status,
    title: `${issue.title} #${issue.number}`,
    main,
    tab: 'pulls',
    // What was refused stays to be read.
    live: refusal === null && isLive(world, repository),
  }
}

/** The change as a unified diff. */
export const pullDiff: ShowInRepository = async ({ world, repository, params }) => {
  const both = pullByNumber(world, repository, Number(params['number']))
  if (both === undefined) return nothingHere
  const { baseSha, headSha } = both.pull
  const directory = world.gitDir(repository)
  const { since } = await pullChanges(directory, baseSha, headSha)
  return { kind: 'file', content: await diffText(directory, since, headSha), contentType: 'text/plain; charset=utf-8' }
}

const MEANINGS: Readonly<Record<string, string>> = {
  clean: 'It can be merged.',
  unstable: 'It can be merged, although not every check has succeeded.',
  blocked: 'It cannot be merged yet.',
  dirty: 'It cannot be merged: it conflicts with its base branch.',
  draft: 'It is a draft.',
  unknown: 'Whether it can be merged is being found out.',
}

function mergePart({ world, repository }: RepositoryVisit, both: Pull): Html {
  const { issue, pull } = both
  if (pull.merged) {
    const by = pull.mergedById === null ? null : html` by ${who(world, pull.mergedById)}`
    const as = pull.mergeCommitSha === null ? null : html` as ${shortSha(repository, pull.mergeCommitSha)}`
    return html`<section id="merge">
      <h2>Merge</h2>
      <p>${stateTag('merged')}${as}${by} ${pull.mergedAt !== null && when(pull.mergedAt)}</p>
    </section>`
  }
  if (issue.state === 'closed')
    return html`<section id="merge">
      <h2>Merge</h2>
      <p>It was closed without being merged.</p>
    </section>`
  const state = mergeableState(world, repository, both)
  const reason = protectionRefusal(world, repository, both)
  return html`<section id="merge">
    <h2>Merge</h2>
    <p>${stateTag(state)} ${MEANINGS[state]} ${reason}</p>
  </section>`
}

function reviewersPart({ world }: RepositoryVisit, { pull }: Pull): Html | null {
  const ids = pull.requestedReviewerIds
  if (ids.length === 0) return null
  return html`<section id="reviewers">
    <h2>Asked for a review</h2>
    <p>${ids.map((id) => html`${who(world, id)} `)}</p>
  </section>`
}
