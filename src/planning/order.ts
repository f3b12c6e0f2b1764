/** Something that can be put in order: `paths` is what it touches, `null` when that may be anything. */
type Orderable = { id: number; paths: string[] | null }

/** The items with the named ids first, in that order; the others follow as they were. */
export function inOrder<T extends { id: number }>(items: T[], order: number[]): T[] {
  const place = new Map<number, number>()
  for (const id of order) if (!place.has(id)) place.set(id, place.size)
  const last = place.size
  return items.toSorted((one, other) => (place.get(one.id) ?? last) - (place.get(other.id) ?? last))
}

/**
 * Which earlier items each one builds on: those that touch a path of its own, or where one of both may touch anything.
 * Needs point to earlier items only, so they have no cycles; what follows from others is left out.
 */
export function needsOf(items: Orderable[], alsoNeeds: (later: number, earlier: number) => boolean = () => false) {
  const touches = items.map((item) => (item.paths === null ? null : new Set(item.paths)))
  const needs = new Map<number, number[]>()
  const reached = new Map<number, Set<number>>()
  items.forEach((item, at) => {
    const direct: number[] = []
    const implied = new Set<number>()
    for (let before = at - 1; before >= 0; before -= 1) {
      const earlier = items[before]
      if (earlier === undefined || implied.has(earlier.id)) continue
      if (!meet(touches[at], touches[before]) && !alsoNeeds(item.id, earlier.id)) continue
      direct.push(earlier.id)
      implied.add(earlier.id)
      for (const id of reached.get(earlier.id) ?? []) implied.add(id)
    }
    reached.set(item.id, implied)
    needs.set(item.id, direct.reverse())
  })
  return needs
}

function meet(one: Set<string> | null | undefined, other: Set<string> | null | undefined): boolean {
  if (one === null || other === null) return true
  return one !== undefined && other !== undefined && !one.isDisjointFrom(other)
}
