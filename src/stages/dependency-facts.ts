import type { RepositoryGit } from '../git/repository.ts'
import type { TreePoint } from '../model.ts'
import type { PlanFacts } from '../planning/facts.ts'
import type { Services } from './services.ts'

type Known = Pick<PlanFacts, 'dependencies' | 'entryPoints' | 'unresolved' | 'broken'>
type Map = Awaited<ReturnType<Services['mapper']['map']>>

/**
 * What depends on what: on the base, and with the exact change on it, whose tree is `tree`. Both together, because what the
 * change takes away was needed, and what it brings is. `at` is an ISO time.
 */
export async function dependencyFacts(
  { mapper }: Pick<Services, 'mapper'>,
  git: RepositoryGit,
  base: TreePoint,
  tree: string,
  at: string,
): Promise<Known> {
  const before = await mapper.map(git.path, base.commit)
  if (tree === base.tree) return { ...factsOf(before), broken: [] }
  // A commit that no ref will ever name: only a commit can be mapped.
  const tried = await git.commit({ tree, parents: [base.commit], message: 'The plan, tried out', at })
  const after = await mapper.map(git.path, tried)
  const known = new Set(before.dependencies.map(({ from, to }) => `${from}\0${to}`))
  const brought = after.dependencies.filter(({ from, to }) => !known.has(`${from}\0${to}`))
  return {
    dependencies: [...before.dependencies, ...brought],
    entryPoints: [...new Set([...before.entryPoints, ...after.entryPoints])].sort(),
    unresolved: before.unresolved.length,
    broken: newlyUnresolved(before, after),
  }
}

function factsOf({ dependencies, entryPoints, unresolved }: Map): Omit<Known, 'broken'> {
  return { dependencies, entryPoints, unresolved: unresolved.length }
}

/** Imports that lead nowhere with the change and did not before. A whole file that cannot be read is none. */
function newlyUnresolved(before: Map, after: Map): PlanFacts['broken'] {
  const known = new Set(before.unresolved.map(({ from, specifier }) => `${from}\0${specifier}`))
  return after.unresolved
    .filter(({ from, specifier, kind }) => kind !== 'unparsed' && !known.has(`${from}\0${specifier}`))
    .map(({ from, specifier }) => ({ path: from, specifier }))
}
