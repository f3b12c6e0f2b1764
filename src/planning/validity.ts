import stringify from 'fast-json-stable-stringify'
import type { Plan } from '../model.ts'
import { anyGlob } from './globs.ts'
import { diffPlans } from './plan-diff.ts'
import { pathsOf } from './planned-tasks.ts'

/** The world as it is when the turn comes: the plan made anew on it, and every path in which its base differs from the approved one. */
export type PlanNow = { plan: Plan; moved: string[] }

/**
 * Whether an approval still fits (PLAN-12). It is void when the request, the base or the settings moved, unless that touches
 * nothing in the plan: the plan made anew is the same but for where it stands and how long it may take, and no file that it
 * changes, may change, or that depends on one was moved by others.
 */
export function judgeApprovalFits(approved: Plan, now: PlanNow): { keeps: boolean; because: string[] } {
  const because = movedReasons(approved, now.moved)
  const [old, fresh] = [carriedOut(approved), carriedOut(now.plan)]
  const differences = diffPlans(old, fresh)
  because.push(...differences.map(({ what, before, after }) => `${what}: ${before} → ${after}`))
  if (differences.length === 0 && stringify(old) !== stringify(fresh))
    because.push('The plan made anew is another one.')
  return { keeps: because.length === 0, because }
}

function movedReasons(plan: Plan, moved: string[]): string[] {
  const changed = new Set(plan.tasks.flatMap(({ changes }) => pathsOf(changes)))
  const needing = new Set([...plan.impact.direct, ...plan.impact.transitive])
  const mayTouch = anyGlob(plan.tasks.flatMap((task) => task.mayTouch))
  return moved.toSorted().flatMap((path) => {
    if (changed.has(path)) return [`${path}, which the plan changes, was changed by others.`]
    if (needing.has(path)) return [`${path}, which depends on what the plan changes, was changed by others.`]
    return mayTouch(path) ? [`${path}, which a task may touch, was changed by others.`] : []
  })
}

/** The plan without what may move and touches nothing: where it stands, its number, how long it takes, how it is drawn. */
function carriedOut(plan: Plan): Plan {
  const nowhere = { p50: 0, p90: 0, basis: '' }
  return {
    ...plan,
    revision: 0,
    base: { commit: '', tree: '', branch: plan.base.branch },
    request: { ...plan.request, textDigest: '' },
    configDigest: '',
    digest: '',
    impact: { ...plan.impact, drawing: { nodes: [], edges: [] }, unresolved: 0 },
    tasks: plan.tasks.map((task) => ({ ...task, rollbackPoint: '', estimate: nowhere })),
    resources: { ...plan.resources, estimate: nowhere },
  }
}
