import type { ReviewRecord } from '../code-records.ts'
import type { World } from '../contract.ts'
import type { CommentRecord, IssueEventRecord, IssueRecord, RepositoryRecord } from '../records.ts'
import { issuePath } from './addresses.ts'
import { html, type Html } from './html.ts'
import { markdown } from './markdown.ts'
import { labelTag, shortSha, stateOfIssue, stateTag, when, who } from './pieces.ts'
import type { CrossReference, TimelineEntry } from './timeline.ts'

/** The timeline as a list, each entry with an id of its own, to which links lead. */
export function timelineList(world: World, repository: RepositoryRecord, entries: readonly TimelineEntry[]): Html {
  return html`<ol id="timeline" class="timeline" data-parts>
    ${entries.map((entry) => entryOf(world, repository, entry))}
  </ol>`
}

function entryOf(world: World, repository: RepositoryRecord, entry: TimelineEntry): Html {
  switch (entry.kind) {
    case 'comment':
      return html`<li id="issuecomment-${entry.id}">${commentBox(world, repository, entry.comment)}</li>`
    case 'review':
      return html`<li id="pullrequestreview-${entry.id}">${reviewBox(world, repository, entry.review)}</li>`
    case 'event':
      return line(
        world,
        `event-${entry.id}`,
        entry.event.actorId,
        entry.event.createdAt,
        told(world, repository, entry.event),
      )
    case 'reference':
      return line(world, `reference-${entry.id}`, entry.authorId, entry.createdAt, mentioned(world, repository, entry))
  }
}

function line(world: World, id: string, actorId: number, time: string, what: Html): Html {
  return html`<li id="${id}" class="event">${who(world, actorId)} ${what} <span class="quiet">${when(time)}</span></li>`
}

/** A comment, or the description that an issue begins with. */
export function commentBox(
  world: World,
  repository: RepositoryRecord,
  given: Pick<CommentRecord | IssueRecord, 'id' | 'body' | 'authorId' | 'createdAt'> & { updatedAt?: string },
): Html {
  const edited = given.updatedAt !== undefined && given.updatedAt !== given.createdAt
  const body =
    (given.body ?? '').trim() === ''
      ? html`<p class="none">No description.</p>`
      : markdown({ world, repository }, given.body)
  return html`<article class="comment">
    <p class="by">
      ${who(world, given.authorId)}
      <span class="quiet">${when(given.createdAt)}${edited && html`, edited ${when(given.updatedAt ?? '')}`}</span>
    </p>
    <div class="markdown">${body}</div>
    ${reactions(world, given.id)}
  </article>`
}

const EMOJI = {
  '+1': '👍',
  '-1': '👎',
  laugh: '😄',
  confused: '😕',
  heart: '❤️',
  hooray: '🎉',
  rocket: '🚀',
  eyes: '👀',
}

function reactions(world: World, subjectId: number): Html | null {
  const contents = world.store
    .list('reaction')
    .filter((reaction) => reaction.subjectId === subjectId)
    .map(({ content }) => content)
  if (contents.length === 0) return null
  const shown = [...new Set(contents)].map((content) => {
    return html`<li title="${content}">${EMOJI[content]} ${contents.filter((other) => other === content).length}</li>`
  })
  return html`<ul class="reactions" aria-label="Reactions">
    ${shown}
  </ul>`
}

function reviewBox(world: World, repository: RepositoryRecord, review: ReviewRecord): Html {
  const { state, userId, commitSha, submittedAt, body } = review
  return html`<article class="comment">
    <p class="by">
      ${who(world, userId)} reviewed ${shortSha(repository, commitSha)}: ${stateTag(state.toLowerCase())}
      <span class="quiet">${when(submittedAt)}</span>
    </p>
    ${body.trim() !== '' && html`<div class="markdown">${markdown({ world, repository }, body)}</div>`}
  </article>`
}

function mentioned(world: World, repository: RepositoryRecord, { from }: CrossReference): Html {
  return html`mentioned this in ${stateTag(stateOfIssue(world, from))}
    <a href="${issuePath(repository, from)}">${from.title} #${from.number}</a>`
}

function told(world: World, repository: RepositoryRecord, event: IssueEventRecord): Html {
  const { commitSha, label, rename, subjectUserId } = event
  const commit = commitSha === undefined ? null : shortSha(repository, commitSha)
  const subject = subjectUserId === undefined ? null : who(world, subjectUserId)
  switch (event.event) {
    case 'labeled':
      return html`added the label ${label && labelTag(label)}`
    case 'unlabeled':
      return html`removed the label ${label && labelTag(label)}`
    case 'assigned':
      return html`assigned ${subject}`
    case 'unassigned':
      return html`unassigned ${subject}`
    case 'review_requested':
      return html`asked ${subject} for a review`
    case 'renamed':
      return html`changed the title from <del>${rename?.from}</del> to <ins>${rename?.to}</ins>`
    case 'closed':
      return html`closed this${commit && html` with ${commit}`}`
    case 'merged':
      return html`merged this${commit && html` as ${commit}`}`
    case 'reopened':
      return html`opened this again`
    case 'head_ref_force_pushed':
      return html`force-pushed the branch${commit && html` to ${commit}`}`
    case 'ready_for_review':
      return html`marked this as ready for review`
    case 'convert_to_draft':
      return html`made this a draft`
    case 'locked':
    case 'unlocked':
      return html`${event.event} the conversation`
  }
}
