import { refName } from './contexts.ts'
import type { JsonObject, TriggeredWorkflow, TriggeredWorkflows, WorkflowEvent } from './contract.ts'
import { defaultTypes } from './event-names.ts'
import { passesName, passesPaths } from './filters.ts'
import { mappingAt, textAt } from './json.ts'
import { parseWorkflow } from './parse-workflow.ts'
import type { ParsedWorkflow } from './parse-workflow.ts'
import type { Trigger } from './workflow.ts'

/** The workflows that an event starts, in order of path; an invalid file is listed for every push and pull_request. */
export const triggeredWorkflows: TriggeredWorkflows = (files, event) => {
  if (isSkipped(event)) return []
  return files
    .filter((file) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(file.path))
    .sort((one, other) => (one.path < other.path ? -1 : 1))
    .flatMap((file) => listed(file.path, parseWorkflow(file), event))
}

function listed(path: string, parsed: ParsedWorkflow, event: WorkflowEvent): TriggeredWorkflow[] {
  if (!parsed.ok) {
    const isShown = event.name === 'push' || event.name === 'pull_request'
    return isShown ? [{ path, name: parsed.name, ok: false, error: parsed.error }] : []
  }
  const { name, triggers } = parsed.workflow
  const starts = triggers.some((trigger) => trigger.event === event.name && isTriggered(trigger, event, path))
  return starts ? [{ path, name, ok: true }] : []
}

function isTriggered(trigger: Trigger, event: WorkflowEvent, path: string): boolean {
  const { payload } = event
  if (!passesTypes(trigger, payload)) return false
  switch (event.name) {
    case 'push':
      return passesPush(trigger, event)
    case 'pull_request':
    case 'pull_request_target': {
      const base = textAt(mappingAt(payload['pull_request'], 'base'), 'ref')
      return passesName(trigger.branches, base) && passesPaths(trigger.paths, event.changedFiles)
    }
    case 'merge_group':
      return passesName(trigger.branches, refName(textAt(mappingAt(payload, 'merge_group'), 'base_ref')))
    case 'workflow_dispatch':
      return textAt(payload, 'workflow') === path
    case 'workflow_run': {
      const run = mappingAt(payload, 'workflow_run')
      const isNamed = trigger.workflows?.includes(textAt(run, 'name')) ?? false
      return isNamed && passesName(trigger.branches, textAt(run, 'head_branch'))
    }
    case 'schedule':
      return trigger.crons.includes(textAt(payload, 'schedule'))
    case 'workflow_call':
      return false
    default:
      return true
  }
}

function passesTypes(trigger: Trigger, payload: JsonObject): boolean {
  const types = trigger.types ?? defaultTypes(trigger.event)
  const action = textAt(payload, 'action')
  return types === null || action === '' || types.includes(action)
}

/** Filters of one kind of ref keep the other kind out, unless that has filters too; `paths` say nothing of tags. */
function passesPush({ branches, tags, paths }: Trigger, event: WorkflowEvent): boolean {
  const name = refName(event.ref)
  if (event.ref.startsWith('refs/tags/')) {
    return tags === null ? branches === null : passesName(tags, name)
  }
  if (branches === null && tags !== null) return false
  return passesName(branches, name) && passesPaths(paths, event.changedFiles)
}

const skipMarks = ['[skip ci]', '[ci skip]', '[no ci]', '[skip actions]', '[actions skip]']

/** A deleted ref has nothing to run, and a commit can ask that its push starts nothing. */
function isSkipped({ name, payload }: WorkflowEvent): boolean {
  if (name !== 'push') return false
  if (payload['deleted'] === true) return true
  const message = textAt(mappingAt(payload, 'head_commit'), 'message')
  return skipMarks.some((mark) => message.includes(mark)) || /\n\nskip-checks:\s*true\s*$/.test(message)
}
