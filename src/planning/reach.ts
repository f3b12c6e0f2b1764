import type { Dependency } from '../model.ts'

/** Who needs a path: the direct dependents of each. */
export type Dependents = Map<string, string[]>

/** What depends on some paths, without the paths themselves; sorted. */
export type Reach = { direct: string[]; transitive: string[] }

export function indexDependents(dependencies: Dependency[]): Dependents {
  const dependents: Dependents = new Map()
  for (const { from, to } of dependencies) {
    const known = dependents.get(to)
    if (known === undefined) dependents.set(to, [from])
    else known.push(from)
  }
  return dependents
}

/** Everything that depends on the touched paths, over as many steps as there are. */
export function reachOf(touched: Iterable<string>, dependents: Dependents): Reach {
  const seen = new Set(touched)
  const step = (from: Iterable<string>) => {
    const found: string[] = []
    for (const path of from) {
      for (const dependent of dependents.get(path) ?? []) {
        if (seen.has(dependent)) continue
        seen.add(dependent)
        found.push(dependent)
      }
    }
    return found
  }
  const direct = step([...seen])
  const transitive: string[] = []
  for (let front = step(direct); front.length > 0; front = step(front)) for (const path of front) transitive.push(path)
  return { direct: direct.sort(), transitive: transitive.sort() }
}
