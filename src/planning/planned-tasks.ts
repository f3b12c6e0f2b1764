import type { FileChange, Task } from '../model.ts'
import { taskEstimate } from './estimate.ts'
import type { PlanFacts, TaskDraft } from './facts.ts'
import { exactly } from './globs.ts'
import { indexPaths, namedPaths, type PathIndex } from './named-paths.ts'
import { needsOf } from './order.ts'
import { directoryOf, isTest } from './places.ts'
import { reachOf, type Dependents } from './reach.ts'

/** Every path that changes name, the old ones of renames too, each once and sorted. */
export function pathsOf(changes: FileChange[]): string[] {
  return [...new Set(changes.flatMap(({ path, from }) => (from === undefined ? [path] : [from, path])))].sort()
}

/** What a task is known to touch: measured where it is exact, else the files its words name without doubt. */
export type Touching = { task: Task; touched: string[] }

/**
 * The tasks of the plan in their order.
 * @throws when an exact draft was not measured: a plan would promise what nobody has seen
 */
export function planTasks(facts: PlanFacts, dependents: Dependents): Touching[] {
  const index = indexPaths(facts.paths)
  const all = facts.drafts.map((draft) => ({
    draft,
    changes: changesOf(draft, facts),
    touched: touchedBy(draft, facts, index),
  }))
  const builds = importsBetween(
    all.map(({ draft, touched }) => ({ id: draft.id, touched })),
    facts.dependencies,
  )
  const needs = needsOf(
    facts.drafts.map(({ id }) => ({ id, paths: [] })),
    (later, earlier) =>
      builds.has(`${later} ${earlier}`) ||
      facts.drafts.some(({ id, needs: own }) => id === later && own.includes(earlier)),
  )
  return all.map(({ draft, changes, touched }, at) => {
    const { direct, transitive } = reachOf(touched, dependents)
    const tests = [...touched.filter(isTest), ...[...direct, ...transitive].filter(isTest)].sort()
    const before = all[at - 1]?.draft.id
    const task: Task = {
      id: draft.id,
      title: draft.title,
      agent: draft.agent,
      needs: needs.get(draft.id) ?? [],
      source: draft.source,
      exact: draft.exact,
      changes,
      mayTouch: draft.exact ? [] : (draft.scope ?? mayTouch(touched, tests)),
      excluded: draft.excluded,
      integrates: direct,
      tests,
      validation: validationOf(draft, tests.length),
      rollbackPoint:
        before === undefined ? `the snapshot of ${facts.base.commit.slice(0, 12)}` : `the commit of task ${before}`,
      estimate: taskEstimate(draft, facts),
    }
    return { task, touched }
  })
}

function changesOf(draft: TaskDraft, facts: PlanFacts): FileChange[] {
  if (!draft.exact) return []
  const measured = facts.measured.find(({ task }) => task === draft.id)
  if (measured === undefined) throw new Error(`Task ${draft.id} is exact and was not measured.`)
  return measured.files.toSorted((one, other) => (one.path < other.path ? -1 : 1))
}

function touchedBy(draft: TaskDraft, facts: PlanFacts, index: PathIndex): string[] {
  if (draft.exact) return pathsOf(changesOf(draft, facts))
  if (draft.paths !== null) return [...new Set(draft.paths)].sort()
  if (draft.source.kind !== 'words') return []
  if (draft.scope !== undefined) return facts.paths.filter((path) => draft.scope?.includes(exactly(path)))
  const named = namedPaths(draft.source.text, index).flatMap(({ meant }) => (meant.length === 1 ? meant : []))
  return [...new Set(named)].sort()
}

/** Words that name files allow those, what stands beside them and their tests; words that name none allow everything. */
function mayTouch(touched: string[], tests: string[]): string[] {
  if (touched.length === 0) return ['**']
  const globs = touched.flatMap((path) => {
    const directory = directoryOf(path)
    return directory === '.' ? [exactly(path)] : [`${exactly(directory)}/**`]
  })
  return [...new Set([...globs, ...tests.map(exactly)])].sort()
}

/** Pairs `later earlier` of tasks in which a file of one needs a file of the other; which is later is for the caller. */
function importsBetween(
  tasks: { id: number; touched: string[] }[],
  dependencies: PlanFacts['dependencies'],
): Set<string> {
  const byPath = new Map<string, number[]>()
  for (const { id, touched } of tasks) for (const path of touched) byPath.set(path, [...(byPath.get(path) ?? []), id])
  const pairs = new Set<string>()
  for (const { from, to } of dependencies) {
    for (const later of byPath.get(from) ?? [])
      for (const earlier of byPath.get(to) ?? []) pairs.add(`${later} ${earlier}`)
  }
  return pairs
}

function validationOf(draft: TaskDraft, tests: number): string {
  const measure = draft.exact
    ? 'the measured change is the planned one, file by file'
    : 'the measured change stays within the paths of the plan'
  if (tests === 0) return `${measure}; no test of the repository reaches it`
  return `${measure}; ${tests === 1 ? 'the test that reaches it runs' : `the ${tests} tests that reach it run`} in round 1`
}
