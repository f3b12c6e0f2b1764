import type { Json, JsonObject } from './contract.ts'
import { evaluate, ExpressionFault } from './expression.ts'
import type { Scope } from './expression.ts'
import { isMapping, scalarText } from './json.ts'

/** What `strategy:` comes to. */
export interface Strategy {
  /** One combination of values for each job; a single null for a job without a matrix. */
  combinations: (JsonObject | null)[]
  failFast: boolean
  maxParallel: number
}

/** GitHub's own limit of the jobs that a matrix may make. */
const mostJobs = 256

/** Evaluates `strategy:` of a job. Throws `ExpressionFault` when it is none. */
export function expandStrategy(strategy: JsonObject, scope: Scope): Strategy {
  const settings = evaluate(strategy, scope)
  if (!isMapping(settings)) throw new ExpressionFault('`strategy` is no mapping')
  const matrix = settings['matrix'] ?? null
  const combinations = matrix === null ? [null] : expandMatrix(matrix)
  if (combinations.length > mostJobs) {
    throw new ExpressionFault(`The matrix makes ${combinations.length} jobs; at most ${mostJobs} are allowed`)
  }
  const wanted = Number(settings['max-parallel'] ?? combinations.length)
  return {
    combinations,
    failFast: scalarText(settings['fail-fast'] ?? true) === 'true',
    maxParallel: Number.isInteger(wanted) && wanted > 0 ? wanted : combinations.length,
  }
}

/** The combinations of a matrix in GitHub's order: the last key varies fastest, then what `include` adds. */
export function expandMatrix(matrix: Json): JsonObject[] {
  if (!isMapping(matrix)) throw new ExpressionFault('`strategy.matrix` is no mapping')
  const { include, exclude, ...axes } = matrix
  const excluded = readEntries('exclude', exclude)
  const crossed = cross(axes).filter((combination) => !excluded.some((entry) => isPart(entry, combination)))
  const combinations = crossed.map((original) => ({ original, now: { ...original } }))
  const added: JsonObject[] = []
  for (const entry of readEntries('include', include)) {
    // It extends every combination none of whose own values it would overwrite; what an earlier include added may go.
    const fitting = combinations.filter(({ original }) =>
      Object.entries(entry).every(([key, value]) => !(key in original) || isEqual(original[key], value)),
    )
    for (const combination of fitting) Object.assign(combination.now, entry)
    if (fitting.length === 0) added.push(entry)
  }
  const all = [...combinations.map(({ now }) => now), ...added]
  if (all.length === 0) throw new ExpressionFault('Matrix must define at least one combination')
  return all
}

function cross(axes: JsonObject): JsonObject[] {
  const names = Object.keys(axes)
  if (names.length === 0) return []
  return Object.entries(axes).reduce<JsonObject[]>(
    (combinations, [name, values]) => {
      if (!Array.isArray(values)) throw new ExpressionFault(`\`strategy.matrix.${name}\` is no list`)
      if (values.length === 0) throw new ExpressionFault(`Matrix vector '${name}' does not contain any values`)
      if (combinations.length * values.length > 10_000) throw new ExpressionFault('The matrix is too large')
      return combinations.flatMap((combination) => values.map((value) => ({ ...combination, [name]: value })))
    },
    [{}],
  )
}

function readEntries(name: string, value: Json | undefined): JsonObject[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw new ExpressionFault(`\`strategy.matrix.${name}\` is no list`)
  return value.map((entry) => {
    if (!isMapping(entry)) throw new ExpressionFault(`\`strategy.matrix.${name}\` holds something that is no mapping`)
    return entry
  })
}

function isPart(entry: JsonObject, combination: JsonObject): boolean {
  return Object.entries(entry).every(([key, value]) => key in combination && isWithin(value, combination[key]))
}

// An exclude may name a part of a value that is a mapping.
function isWithin(value: Json, whole: Json | undefined): boolean {
  if (isMapping(value) && isMapping(whole)) return isPart(value, whole)
  return isEqual(value, whole)
}

function isEqual(one: Json | undefined, other: Json | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** The values of a combination as they stand in a job's name: `20, ubuntu-latest`. */
export function matrixLabel(combination: JsonObject): string {
  return Object.values(combination).flatMap(leaves).join(', ')
}

function leaves(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(leaves)
  return isMapping(value) ? Object.values(value).flatMap(leaves) : [scalarText(value)].filter(Boolean)
}
