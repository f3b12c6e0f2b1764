import { createMapper } from '../../../src/graph/map.ts'
import type { DependencyMap } from '../../../src/graph/map.ts'
import { createRepository } from '../repositories.ts'
import type { Tree } from '../repositories.ts'

/** The map of a real repository that has one commit with this tree. */
export async function mapOf(tree: Tree): Promise<DependencyMap> {
  const repository = createRepository()
  const mapper = createMapper()
  try {
    return await mapper.map(repository.path, repository.commit(tree))
  } finally {
    await mapper.close()
    repository.remove()
  }
}

/** `kind to` of what one file needs. */
export function needs(map: DependencyMap, from: string): string[] {
  return map.dependencies.filter((edge) => edge.from === from).map((edge) => `${edge.kind} ${edge.to}`)
}

/** `from: specifier` of all that was not found. */
export function lost(map: DependencyMap): string[] {
  return map.unresolved.map(({ from, specifier }) => `${from}: ${specifier}`)
}
