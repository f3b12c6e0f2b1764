import type { FileChange, MeasuredFile, Plan, Task } from '../../src/model.ts'
import type { Advisories } from '../../src/validators/advisories.ts'
import type { ReviewContext } from '../../src/validators/validator.ts'

/** A task with a change that is known exactly. */
export function task(changes: FileChange[], more: Partial<Task> = {}): Task {
  return {
    id: 1,
    title: 'A change',
    agent: 'patch',
    needs: [],
    source: { kind: 'diff', diff: '' },
    exact: true,
    changes,
    mayTouch: [],
    excluded: [],
    integrates: [],
    tests: [],
    validation: '',
    rollbackPoint: '',
    estimate: { p50: 0, p90: 0, basis: '' },
    ...more,
  }
}

export function planned(path: string, more: Partial<FileChange> = {}): FileChange {
  return { path, kind: 'modify', additions: 1, deletions: 1, ...more }
}

export function measured(path: string, more: Partial<MeasuredFile> = {}): MeasuredFile {
  return {
    path,
    kind: 'modify',
    additions: 1,
    deletions: 1,
    binary: false,
    oldMode: '100644',
    newMode: '100644',
    size: 10,
    ...more,
  }
}

export const created = { kind: 'create', oldMode: null, deletions: 0 } as const
export const removed = { kind: 'remove', newMode: null, additions: 0, size: 0 } as const

type Texts = Record<string, string>

/** A change as the reviewers see it: texts before and after, and what the plan said. Only the parts of a plan that are read. */
export function change(
  files: MeasuredFile[],
  {
    before = {},
    after = {},
    tasks = [],
    protectedPaths = [],
    tree = [],
    advisories = null,
  }: {
    before?: Texts
    after?: Texts
    tasks?: Task[]
    protectedPaths?: string[]
    tree?: string[]
    advisories?: Advisories
  } = {},
): ReviewContext {
  return {
    plan: { tasks, protectedPaths } as unknown as Plan,
    files,
    diff: '',
    read: async (path) => after[path] ?? null,
    readBase: async (path) => before[path] ?? null,
    tree: [...tree, ...files.filter(({ kind }) => kind !== 'remove').map(({ path }) => path)],
    advisories,
    signal: AbortSignal.timeout(20_000),
  }
}
