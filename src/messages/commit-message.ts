import { plainLine } from './escape.ts'

/** One commit of an update: a task, a fix of a task, the place where a person begins one, the merge, or the way back. */
export type CommitView = {
  codename: string
  issue: number
  /** The task's title, or the issue's for a merge or a revert. */
  title: string
  kind: 'task' | 'fix' | 'handover' | 'merge' | 'revert'
  /** `null` for a merge or a revert. */
  task: number | null
  /** Why, for a revert; what an agent says that it did, for a task. */
  detail?: string
}

const LONGEST_SUBJECT = 72

/**
 * Subject, body with the trailers `Pawl-Update:` and `Pawl-Task:`, and both as one message. Strangers' text stands in the
 * subject and is indented in the body, so that it can neither add a trailer nor close an issue of its own choice.
 */
export function commitMessage(view: CommitView): { subject: string; body: string; message: string } {
  const { codename, issue, title, kind, task, detail } = view
  const lead = { task: '', fix: 'Fix: ', handover: 'Begin: ', merge: '', revert: 'Restore the snapshot: ' }[kind]
  const ending = ` (${codename})`
  const subject = `${lead}${plainLine(title, LONGEST_SUBJECT - lead.length - ending.length) || 'Update'}${ending}`
  const why = detail === undefined ? '' : `${indented(detail)}\n\n`
  // Nothing has changed yet that could be checked.
  const quiet = kind === 'handover' ? '[skip ci]\n\n' : ''
  const trailers = [
    `Pawl-Update: ${codename}`,
    ...(task === null ? [] : [`Pawl-Task: ${task}`]),
    `Pawl-Issue: ${issue}`,
  ]
  const body = `${quiet}${why}${trailers.join('\n')}\n`
  return { subject, body, message: `${subject}\n\n${body}` }
}

function indented(text: string): string {
  const lines = text.slice(0, 4_000).split(/\r\n?|\n/, 40)
  return lines.map((line) => `  ${plainLine(line, 200)}`.trimEnd()).join('\n')
}
