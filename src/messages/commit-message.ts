
/** One commit of an update: a task, a fix of a task, the merge, or the way back. */
export type CommitView = {
  codename: string
  issue: number
  /** The task's title, or the issue's for a merge or a revert. */
  title: string
  kind: 'task' | 'fix' | 'merge' | 'revert'
  /** `null` for a merge or a revert. */
  task: number | null
  /** Why, for a revert; what an agent says that it did, for a task. */
  detail?: string
}

export function commitMessage(view: CommitView): { subject: string; body: string; message: string } {
  throw new Error('not written yet')
}
