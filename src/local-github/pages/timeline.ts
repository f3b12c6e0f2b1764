import type { ReviewRecord } from '../code-records.ts'
import type { World } from '../contract.ts'
import type { CommentRecord, IssueEventRecord, IssueRecord, RepositoryRecord } from '../records.ts'
import { referencesIn } from './markdown.ts'

/** Another issue or pull request, whose text or comment names this one. */
export interface CrossReference {
  kind: 'reference'
  /** Of the text that did it first, whose place in time it takes. */
  id: number
  from: IssueRecord
  authorId: number
  createdAt: string
}

export type TimelineEntry =
  | { kind: 'comment'; id: number; comment: CommentRecord }
  | { kind: 'event'; id: number; event: IssueEventRecord }
  | { kind: 'review'; id: number; review: ReviewRecord }
  | CrossReference

/** All that happened to an issue or pull request, in order; ids grow with time, where times tie to the second. */
export function timelineOf(world: World, repository: RepositoryRecord, issue: IssueRecord): TimelineEntry[] {
  const { store } = world
  const own = ({ issueId }: { issueId: number }): boolean => issueId === issue.id
  const entries: TimelineEntry[] = [
    ...store
      .list('comment', repository.id)
      .filter(own)
      .map((comment) => ({ kind: 'comment' as const, id: comment.id, comment })),
    ...store
      .list('issueEvent', repository.id)
      .filter(own)
      .map((event) => ({ kind: 'event' as const, id: event.id, event })),
    ...store
      .list('review', repository.id)
      .filter(({ pullId }) => pullId === issue.id)
      .map((review) => ({ kind: 'review' as const, id: review.id, review })),
    ...crossReferences(world, repository, issue),
  ]
  return entries.toSorted((one, other) => one.id - other.id)
}

/** The first mention by each other issue; records are values, so what one refers to is found once. */
function crossReferences(world: World, repository: RepositoryRecord, issue: IssueRecord): CrossReference[] {
  const { store } = world
  const found = new Map<number, CrossReference>()
  const look = (record: IssueRecord | CommentRecord, from: IssueRecord | undefined): void => {
    if (from === undefined || from.id === issue.id || found.has(from.id)) return
    if (!numbersIn(world, repository, record).has(issue.number)) return
    const { id, authorId, createdAt } = record
    found.set(from.id, { kind: 'reference', id, from, authorId, createdAt })
  }
  for (const other of store.list('issue', repository.id)) look(other, other)
  for (const comment of store.list('comment', repository.id)) look(comment, store.get('issue', comment.issueId))
  return [...found.values()]
}

const known = new WeakMap<object, Set<number>>()

function numbersIn(world: World, repository: RepositoryRecord, record: { body: string | null }): Set<number> {
  let numbers = known.get(record)
  if (numbers === undefined) known.set(record, (numbers = referencesIn({ world, repository }, record.body)))
  return numbers
}
