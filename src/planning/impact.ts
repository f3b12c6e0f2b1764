import type { Area, Impact } from '../model/impact.ts'
import { drawImpact } from './drawing.ts'
import type { ExportsOfPath, PlanFacts } from './facts.ts'
import { deployablesOf, modulesOf } from './modules.ts'
import { ownersOf, readOwners } from './owners.ts'
import { areasOf, isTest } from './places.ts'
import { reachOf, type Dependents } from './reach.ts'

type ImpactFacts = Pick<PlanFacts, 'paths' | 'dependencies' | 'entryPoints' | 'unresolved' | 'exports' | 'codeowners'>

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
  return {
    direct: reach.direct,
    transitive: reach.transitive,
    modules: modulesOf(touched, facts.paths),
    tests: reached.filter(isTest).sort(),
    owners: facts.codeowners === null ? [] : ownersOf(touched, readOwners(facts.codeowners)),
    entryPoints: reached.filter((path) => entries.has(path)).sort(),
    deployables: deployablesOf(reached, facts.paths),
    areas: areasTouched(touched),
    exportsChanged: exportsChanged(facts.exports),
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

/** Symbols that a path offers and did not, or no longer offers; those of tests are nobody's interface. */
function exportsChanged(exports: ExportsOfPath[]): Impact['exportsChanged'] {
  return exports
    .filter(({ path }) => !isTest(path))
    .map(({ path, before, after }) => {
      const [old, fresh] = [new Set(before), new Set(after)]
      return { path, added: [...fresh.difference(old)].sort(), removed: [...old.difference(fresh)].sort() }
    })
    .filter(({ added, removed }) => added.length + removed.length > 0)
    .toSorted((one, other) => (one.path < other.path ? -1 : 1))
}
