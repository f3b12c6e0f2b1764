import type { Dependency } from '../model.ts'
import type { Impact } from '../model/impact.ts'
import { directoryOf } from './places.ts'
import { indexDependents, type Reach } from './reach.ts'

type Drawing = Impact['drawing']
type Role = 'changed' | 'direct' | 'transitive'

/** Above this nobody reads a graph any more. */
const mostNodes = 39

/** Mermaid refuses to draw more than 500. */
const mostEdges = 400

const farthestFirst = ['transitive', 'direct', 'changed'] as const

/**
 * The neighbourhood of a change as a graph of fewer than 40 nodes: files of their own where they fit, else directories, the
 * farthest from the change first and as deep as they fit. Edges are those of the shortest ways to the change: the others make it
 * a thicket. Every edge's ends are nodes; no edge leads to its own node.
 */
export function drawImpact(touched: string[], reach: Reach, dependencies: Dependency[]): Drawing {
  const paths: Record<Role, string[]> = { changed: touched, direct: reach.direct, transitive: reach.transitive }
  // How many directories a group's name may have; null leaves the files as they are.
  const depths: Record<Role, number | null> = { changed: null, direct: null, transitive: null }
  const count = () => farthestFirst.reduce((sum, role) => sum + keysOf(paths[role], depths[role]).size, 0)
  const coarser = (role: Role, steps: number[]) => {
    for (const depth of steps) if (count() > mostNodes) depths[role] = depth
  }
  for (const role of farthestFirst) coarser(role, [4, 3, 2, 1])
  for (const role of farthestFirst) coarser(role, [0])
  const nodes: Drawing['nodes'] = []
  const nodeOf = new Map<string, string>()
  for (const role of farthestFirst.toReversed()) {
    for (const [key, members] of keysOf(paths[role], depths[role])) {
      const id = `n${nodes.length}`
      const grouped = depths[role] !== null && (members.length > 1 || key !== members[0])
      nodes.push({ id, label: grouped ? groupLabel(key, role, members.length) : key, role: grouped ? 'group' : role })
      for (const path of members) nodeOf.set(path, id)
    }
  }
  return { nodes, edges: edgesBetween(nodeOf, touched, dependencies) }
}

/** The nodes of one role: their names, and the paths that each stands for. A directory of one file is that file. */
function keysOf(paths: string[], depth: number | null): Map<string, string[]> {
  const keys = new Map<string, string[]>()
  for (const path of paths) {
    const key = depth === null ? path : directoryOf(path).split('/').slice(0, depth).join('/') || '.'
    const members = keys.get(key)
    if (members === undefined) keys.set(key, [path])
    else members.push(path)
  }
  if (depth === null) return keys
  return new Map([...keys].map(([key, members]) => [members.length === 1 ? (members[0] ?? key) : key, members]))
}

function groupLabel(key: string, role: Role, files: number): string {
  const kind = { changed: 'changed', direct: 'direct dependents', transitive: 'transitive dependents' }[role]
  return key === '.' ? `${files} files, ${kind}` : `${key}/ (${files} files, ${kind})`
}

/** Edges at the change come first, so that those left out of a dense graph are the ones far from it. */
function edgesBetween(nodeOf: Map<string, string>, touched: string[], dependencies: Dependency[]): Drawing['edges'] {
  const steps = stepsFrom(touched, dependencies)
  const leading = dependencies.filter(({ from, to }) => {
    const [start = 0, end = -1] = [steps.get(from), steps.get(to)]
    return end >= 0 && (start === end + 1 || (start === 0 && end === 0))
  })
  const near = leading.filter(({ to }) => steps.get(to) === 0)
  const far = leading.filter(({ to }) => steps.get(to) !== 0)
  const edges = new Map<string, { from: string; to: string }>()
  for (const dependency of [...near, ...far]) {
    const from = nodeOf.get(dependency.from)
    const to = nodeOf.get(dependency.to)
    if (from === undefined || to === undefined || from === to) continue
    if (edges.size < mostEdges) edges.set(`${from} ${to}`, { from, to })
  }
  return [...edges.values()]
}

/** How many steps each path that depends on the change is away from it; the changed ones are 0 away. */
function stepsFrom(touched: string[], dependencies: Dependency[]): Map<string, number> {
  const dependents = indexDependents(dependencies)
  const steps = new Map(touched.map((path) => [path, 0]))
  // What is put in while it is gone through comes at its end.
  for (const [path, step] of steps) {
    for (const dependent of dependents.get(path) ?? []) if (!steps.has(dependent)) steps.set(dependent, step + 1)
  }
  return steps
}
