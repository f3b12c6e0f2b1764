import { answer, notFound, paged, refuse } from '../answers.ts'
import type { Call, Handler, Handlers, World } from '../contract.ts'
import { addLabels, removeLabels, setLabels } from '../issue-changes.ts'
import type { IssueRecord } from '../records.ts'
import { labelsOf } from '../views/issue.ts'
import { labelView } from '../views/label.ts'
import { findIssue, namesIn } from './issues.ts'

const shown = (call: Call, world: World, issue: IssueRecord) =>
  answer(
    200,
    labelsOf(world, issue).map((label) => labelView(world, call.repository, label)),
  )

const list: Handler = (call, world) => {
  const issue = findIssue(call, world)
  if (issue === undefined) return notFound()
  return paged(call, labelsOf(world, issue), (label) => labelView(world, call.repository, label))
}

const add: Handler = (call, world) => {
  const issue = findIssue(call, world)
  if (issue === undefined) return notFound()
  return shown(call, world, addLabels(world, call, issue, namesIn(call.body['labels'], 'name') ?? []))
}

const set: Handler = (call, world) => {
  const issue = findIssue(call, world)
  if (issue === undefined) return notFound()
  return shown(call, world, setLabels(world, call, issue, namesIn(call.body['labels'], 'name') ?? []))
}

const remove: Handler = (call, world) => {
  const issue = findIssue(call, world)
  if (issue === undefined) return notFound()
  const name = call.text('name').toLowerCase()
  const label = labelsOf(world, issue).find((each) => each.name.toLowerCase() === name)
  if (label === undefined) return refuse(404, 'Label does not exist')
  return shown(call, world, removeLabels(world, call, issue, [label]))
}

const removeAll: Handler = (call, world) => {
  const issue = findIssue(call, world)
  if (issue === undefined) return notFound()
  removeLabels(world, call, issue, labelsOf(world, issue))
  return answer(204)
}

export const issueLabels: Handlers = {
  'issues/list-labels-on-issue': list,
  'issues/add-labels': add,
  'issues/set-labels': set,
  'issues/remove-label': remove,
  'issues/remove-all-labels': removeAll,
}
