import type { Criterion, Plan, Task } from '../model.ts'
import { checksInWords } from './checkpoints.ts'
import { inWords } from './spans.ts'

/** One row of what changed between two plans, for people; a side that has nothing is a dash. */
export type PlanDifference = { what: string; before: string; after: string }

/** A row of the plan: a text is compared whole, of lists only what differs is shown. */
type Row = [what: string, of: (plan: Plan) => string | string[]]

const rows: Row[] = [
  ['Title', ({ request }) => request.title],
  ['Requester', ({ request }) => request.requester],
  ['Scope', ({ scope }) => `${scope.summary} ${scope.size}, ${scope.complexity}`],
  ['Order of tasks', ({ tasks }) => tasks.map(({ id }) => id).join(', ')],
  ['Direct dependents', ({ impact }) => impact.direct],
  ['Transitive dependents', ({ impact }) => impact.transitive],
  ['Modules', ({ impact }) => impact.modules],
  ['Tests', ({ impact }) => impact.tests],
  ['Owners', ({ impact }) => impact.owners],
  ['Entry points', ({ impact }) => impact.entryPoints],
  ['Deployables', ({ impact }) => impact.deployables],
  [
    'Sensitive places',
    ({ impact }) => impact.areas.flatMap(({ area, paths }) => paths.map((path) => `${path} (${area})`)),
  ],
  [
    'Secrets named',
    ({ impact }) => impact.secretNames.flatMap(({ path, names }) => names.map((name) => `${name} in ${path}`)),
  ],
  ['Workflows', ({ impact }) => impact.workflows],
  ['Exports', ({ impact }) => impact.exportsChanged.flatMap(exportsInWords)],
  ['Risk', ({ risk }) => risk.level],
  ['Risk rules', ({ risk }) => risk.rules.map(({ rule, level, why }) => `${rule} (${level}): ${why}`)],
  ['Checks of round 1', ({ checks }) => checksInWords(checks.round1)],
  ['Checks of round 2', ({ checks }) => checksInWords(checks.round2)],
  ['Reviewers', ({ reviewers }) => reviewers],
  ['Protected paths', ({ protectedPaths }) => protectedPaths],
  ['Prerequisites', ({ resources }) => resources.prerequisites],
  ['Constraints', ({ resources }) => resources.constraints],
  ['Budget', ({ resources }) => resources.budget ?? ''],
  ['Success criteria', ({ criteria }) => criteria.map(criterionInWords)],
  ['Added probes', ({ health }) => health.probes],
  ['Soak', ({ health }) => inWords(health.soak)],
  [
    'Approvals',
    ({ approvals }) => `${approvals.needed}, ${approvals.requesterMay ? 'the requester may' : 'not by the requester'}`,
  ],
  ['Deployment', ({ deploy }) => (deploy.via === 'none' ? 'none' : `${deploy.via} to ${deploy.environment}`)],
  [
    'Estimate',
    ({ resources }) => `${inWords(resources.estimate.p50)}, at most ${inWords(resources.estimate.p90)} in nine of ten`,
  ],
  ['Base', ({ base }) => `${base.commit.slice(0, 12)} on ${base.branch}`],
  ['Settings', ({ settingsDigest }) => settingsDigest.slice(0, 12)],
]

/** What a reader of the plan before must know to read the one after; tasks are compared by their number. */
export function diffPlans(before: Plan, after: Plan): PlanDifference[] {
  const plain = rows.flatMap(([what, of]) => {
    const [old, fresh] = [of(before), of(after)]
    if (typeof old === 'string' || typeof fresh === 'string') return textRow(what, String(old), String(fresh))
    return listRow(what, old, fresh)
  })
  return [...taskRows(before.tasks, after.tasks), ...plain]
}

function textRow(what: string, before: string, after: string): PlanDifference[] {
  return before === after ? [] : [{ what, before: before || '—', after: after || '—' }]
}

function listRow(what: string, before: string[], after: string[]): PlanDifference[] {
  const [old, fresh] = [new Set(before), new Set(after)]
  const [lost, gained] = [[...old.difference(fresh)], [...fresh.difference(old)]]
  if (lost.length + gained.length > 0) return [{ what, before: shortList(lost), after: shortList(gained) }]
  return textRow(what, shortList(before), shortList(after))
}

function shortList(items: string[]): string {
  if (items.length === 0) return '—'
  return items.slice(0, 10).join(', ') + (items.length > 10 ? ` and ${items.length - 10} more` : '')
}

function taskRows(before: Task[], after: Task[]): PlanDifference[] {
  const ids = [...new Set([...before, ...after].map(({ id }) => id))].sort((one, other) => one - other)
  return ids.flatMap((id) => {
    const old = before.find((task) => task.id === id)
    const fresh = after.find((task) => task.id === id)
    const what = `Task ${id}`
    if (old === undefined || fresh === undefined) {
      return [{ what, before: old?.title ?? '—', after: fresh?.title ?? 'dropped' }]
    }
    return [
      ...textRow(`${what}, title`, old.title, fresh.title),
      ...textRow(`${what}, agent`, old.agent, fresh.agent),
      ...textRow(`${what}, needs`, old.needs.join(', '), fresh.needs.join(', ')),
      ...listRow(`${what}, files`, changesInWords(old), changesInWords(fresh)),
      ...contentRow(what, old, fresh),
      ...listRow(`${what}, may touch`, old.mayTouch, fresh.mayTouch),
      ...listRow(`${what}, excluded`, old.excluded, fresh.excluded),
      ...listRow(`${what}, integrates with`, old.integrates, fresh.integrates),
      ...listRow(`${what}, tests`, old.tests, fresh.tests),
      ...(JSON.stringify(old.source) === JSON.stringify(fresh.source)
        ? []
        : [{ what: `${what}, request`, before: 'as it was', after: 'changed' }]),
    ]
  })
}

function changesInWords({ changes }: Task): string[] {
  return changes.map(({ path, kind, additions, deletions, from }) => {
    const how = { create: 'new, ', modify: '', remove: 'removed, ' }[kind]
    return `${from === undefined ? '' : `${from} → `}${path} (${how}+${additions} −${deletions})`
  })
}

/** Files that come out otherwise though as many lines of them change. */
function contentRow(task: string, before: Task, after: Task): PlanDifference[] {
  const old = new Map(before.changes.map(({ path, blob }) => [path, blob]))
  const other = after.changes.flatMap(({ path, blob }) => (old.has(path) && old.get(path) !== blob ? [path] : []))
  return other.length === 0
    ? []
    : [{ what: `${task}, contents`, before: 'as they were', after: `${shortList(other)} come out otherwise` }]
}

function exportsInWords(exports: Plan['impact']['exportsChanged'][number]): string[] {
  const { path, added, removed, changed } = exports
  return [
    ...added.map((name) => `${path} gains ${name}`),
    ...removed.map((name) => `${path} loses ${name}`),
    ...changed.map((name) => `${path} declares ${name} otherwise`),
  ]
}

function criterionInWords(criterion: Criterion): string {
  if (criterion.kind === 'checks-pass') return `checks pass in round ${criterion.round}`
  if (criterion.kind === 'deployed') return `deployed to ${criterion.environment}`
  if (criterion.kind === 'healthy') return `${criterion.probe} is healthy`
  return criterion.kind === 'files-as-planned' ? 'files as planned' : 'the merged tree is the checked tree'
}
