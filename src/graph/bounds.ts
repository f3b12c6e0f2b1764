import type { Edges } from './edges.ts'
import type { Reading } from './reading.ts'

/*
 * What a hostile repository cannot make the mapper hold in memory; no real one comes near. What is beyond is left out, and the map
 * says so of the file.
 */

const mostOfFile = 10_000
/** Of the names of modules in all files, in bytes as they are held. */
const mostNamed = 200_000_000
const heldBesides = 50
const mostEdges = 2_000_000

/** Lets readings through until they are too many. */
export function createReadingBound(): (reading: Reading) => Reading {
  let left = mostNamed
  return (reading) => {
    if (reading.kind !== 'module') return reading
    const isLarge = reading.references.length > mostOfFile
    const references = isLarge ? reading.references.slice(0, mostOfFile) : reading.references
    for (const { specifier } of references) left -= specifier.length + heldBesides
    if (left < 0) return { kind: 'module', references: [], fault: 'the files before it name too many modules' }
    return isLarge ? { kind: 'module', references, fault: `it names more than ${mostOfFile} modules` } : reading
  }
}

/** Lets edges through until they are too many. */
export function createEdgeBound(): (path: string, edges: Edges) => Edges {
  let left = mostEdges
  return (path, edges) => {
    left -= edges.dependencies.length + edges.unresolved.length
    if (left >= 0) return edges
    const specifier = 'the files before it depend on too many others'
    return { dependencies: [], unresolved: [{ from: path, specifier, kind: 'unparsed' }], external: [] }
  }
}
