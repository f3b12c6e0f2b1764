import type { Call, World } from '../contract.ts'
import { text } from '../json.ts'
import { userById } from '../people.ts'
import type { IssueRecord } from '../records.ts'
import { labelsOf } from '../views/issue.ts'

type Test = (issue: IssueRecord) => boolean

/** Issues and pull requests that the query of `issues/list-for-repo` asks for, in its order. */
export function filterIssues(call: Call, world: World): IssueRecord[] {
  const tests = testsOf(call, world)
  const found = world.store.list('issue', call.repository.id).filter((issue) => tests.every((test) => test(issue)))
  const key = sortKey(call, world)
  const ascending = found.toSorted((one, other) => {
    const [first, second] = [key(one), key(other)]
    return first === second ? one.number - other.number : first < second ? -1 : 1
  })
  return call.query['direction'] === 'asc' ? ascending : ascending.toReversed()
}

function testsOf(call: Call, world: World): Test[] {
  const { query } = call
  const login = (id: number): string => userById(world.store, id).login.toLowerCase()
  const tests: Test[] = []
  const state = text(query['state']) ?? 'open'
  if (state !== 'all') tests.push((issue) => issue.state === state)
  const since = text(query['since'])
  if (since !== undefined) tests.push((issue) => Date.parse(issue.updatedAt) >= Date.parse(since))
  const labels = text(query['labels'])?.toLowerCase().split(',').filter(Boolean)
  if (labels !== undefined) {
    tests.push((issue) => {
      const names = labelsOf(world, issue).map(({ name }) => name.toLowerCase())
      return labels.every((label) => names.includes(label.trim()))
    })
  }
  const creator = text(query['creator'])
    ?.toLowerCase()
    .replace(/^app\/(.+)$/, '$1[bot]')
  if (creator !== undefined) tests.push((issue) => login(issue.authorId) === creator)
  const assignee = text(query['assignee'])?.toLowerCase()
  if (assignee === 'none') tests.push((issue) => issue.assigneeIds.length === 0)
  else if (assignee === '*') tests.push((issue) => issue.assigneeIds.length > 0)
  else if (assignee !== undefined) tests.push((issue) => issue.assigneeIds.some((id) => login(id) === assignee))
  return tests
}

function sortKey(call: Call, world: World): (issue: IssueRecord) => string | number {
  const sort = call.query['sort']
  if (sort === 'updated') return (issue) => issue.updatedAt
  if (sort !== 'comments') return (issue) => issue.createdAt
  const comments = world.store.list('comment', call.repository.id)
  return (issue) => comments.filter(({ issueId }) => issueId === issue.id).length
}
