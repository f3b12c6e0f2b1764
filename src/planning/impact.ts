import type { Area, Impact } from '../model/impact.ts'
import { changedLines, redeclared, secretNames, type ChangedLines } from './changed-lines.ts'
import { drawImpact } from './drawing.ts'
import type { ExportsOfPath, PlanFacts } from './facts.ts'
import { deployablesOf, modulesOf } from './modules.ts'
import { ownersOf, readOwners } from './owners.ts'
import { areasOf, isTest } from './places.ts'
import { reachOf, type Dependents } from './reach.ts'

type ImpactFacts = Pick<
  PlanFacts,
  'paths' | 'dependencies' | 'entryPoints' | 'unresolved' | 'exports' | 'diffs' | 'codeowners'
>

const areaOrder: Area[] = [
  'workflow',
  'secrets',
  'migration',
  'deployment',
  'configuration',
  'lock file',
  'manifest',
  'test',
  'documentation',
]

/** What a change of the touched paths means for the repository. All lists are sorted and without doubles. */
export function impactOf(touched: string[], facts: ImpactFacts, dependents: Dependents): Impact {
  const reach = reachOf(touched, dependents)
  const reached = [...touched, ...reach.direct, ...reach.transitive]
  const entries = new Set(facts.entryPoints)
  const lines = changedLines(facts.diffs)
  return {
    direct: reach.direct,
    transitive: reach.transitive,
    modules: modulesOf(touched, facts.paths),
    tests: reached.filter(isTest).sort(),
    owners: facts.codeowners === null ? [] : ownersOf(touched, readOwners(facts.codeowners)),
    entryPoints: reached.filter((path) => entries.has(path)).sort(),
    deployables: deployablesOf(reached, facts.paths),
    areas: areasTouched(touched),
    secretNames: secretNames(lines),
    workflows: [...reach.direct, ...reach.transitive].filter((path) => areasOf(path).includes('workflow')).sort(),
    exportsChanged: exportsChanged(facts.exports, offered(facts), lines),
    drawing: drawImpact(touched, reach, facts.dependencies),
    unresolved: facts.unresolved,
  }
}

function areasTouched(touched: string[]): Impact['areas'] {
  const byArea = Map.groupBy(
    touched.flatMap((path) => areasOf(path).map((area) => ({ area, path }))),
    ({ area }) => area,
  )
  return areaOrder.flatMap((area) => {
    const found = byArea.get(area)
    return found === undefined ? [] : [{ area, paths: found.map(({ path }) => path).sort() }]
  })
}

/** The files whose exports are those of an entry point: the entry points, and what they export again. */
function offered({ entryPoints, dependencies }: Pick<ImpactFacts, 'entryPoints' | 'dependencies'>): Set<string> {
  const again = Map.groupBy(
    dependencies.filter(({ kind }) => kind === 'export'),
    ({ from }) => from,
  )
  const found = new Set(entryPoints)
  for (const path of found) for (const { to } of again.get(path) ?? []) found.add(to)
  return found
}

/** Symbols that a path offers and did not, no longer offers, or declares otherwise; those of tests are nobody's interface. */
function exportsChanged(exports: ExportsOfPath[], open: Set<string>, lines: ChangedLines): Impact['exportsChanged'] {
  return exports
    .filter(({ path }) => !isTest(path))
    .map(({ path, before, after }) => {
      const [old, fresh] = [new Set(before), new Set(after)]
      const declared = new Set(redeclared(lines.get(path)))
      return {
        path,
        added: [...fresh.difference(old)].sort(),
        removed: [...old.difference(fresh)].sort(),
        changed: [...old.intersection(fresh).intersection(declared)].sort(),
        public: open.has(path),
      }
    })
    .filter(({ added, removed, changed }) => added.length + removed.length + changed.length > 0)
    .toSorted((one, other) => (one.path < other.path ? -1 : 1))
}
