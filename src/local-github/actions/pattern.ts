/*
 * GitHub's filter patterns are no shell globs: `?` and `+` repeat what stands before them. A pattern becomes steps of one
 * character each, and all places that a text can have come to are followed at once, so that no pattern takes longer
 * than its length times that of the text.
 */

type Takes = (character: string) => boolean

/** From a place, one character leads to others, and some places are reached without any. */
interface Place {
  takes: Takes
  /** How far the places lie that a character leads to: 0 stays, 1 is the next. */
  leads: number[]
  /** How far the places lie that are reached without a character. */
  skips: number[]
}

const any: Takes = () => true
const none: Takes = () => false
const notSlash: Takes = (character) => character !== '/'
const slash: Takes = (character) => character === '/'

/** Whether a pattern of `branches`, `tags` or `paths` fits a whole name. A `!` before it is not part of it. */
export function matchesPattern(pattern: string, name: string): boolean {
  const places = parsePattern(pattern)
  let now = withSkips(new Set([0]), places)
  for (const character of name.split('')) {
    const next = new Set<number>()
    for (const at of now) {
      const place = places[at]
      if (place?.takes(character)) for (const lead of place.leads) next.add(at + lead)
    }
    now = withSkips(next, places)
  }
  return now.has(places.length)
}

function withSkips(reached: Set<number>, places: Place[]): Set<number> {
  // Places are added while they are walked through, and walked through then.
  for (const at of reached) {
    for (const skip of places[at]?.skips ?? []) reached.add(at + skip)
  }
  return reached
}

function parsePattern(pattern: string): Place[] {
  const places: Place[] = []
  let at = 0
  while (at < pattern.length) {
    const foldersHere = pattern.startsWith('**/', at) && (at === 0 || pattern[at - 1] === '/')
    if (foldersHere) {
      // Nothing at all, or anything that ends in a slash.
      places.push({ takes: none, leads: [], skips: [1, 3] }, { takes: any, leads: [0], skips: [1] })
      places.push({ takes: slash, leads: [1], skips: [] })
      at += 3
      continue
    }
    const [takes, length, stars] = readAtom(pattern, at)
    at += length
    places.push(stars ? { takes, leads: [0], skips: [1] } : quantified(takes, pattern[at]))
    if (!stars && (pattern[at] === '?' || pattern[at] === '+')) at += 1
  }
  return places
}

function quantified(takes: Takes, quantifier: string | undefined): Place {
  if (quantifier === '?') return { takes, leads: [1], skips: [1] }
  return { takes, leads: quantifier === '+' ? [0, 1] : [1], skips: [] }
}

/** What the pattern takes at a position, how much of it that is, and whether it is a star, which may repeat or be left out. */
function readAtom(pattern: string, at: number): [takes: Takes, length: number, isStar: boolean] {
  const character = pattern[at] ?? ''
  if (character === '*') return pattern[at + 1] === '*' ? [any, 2, true] : [notSlash, 1, true]
  if (character === '\\' && at + 1 < pattern.length) return [exactly(pattern[at + 1] ?? ''), 2, false]
  const end = character === '[' ? pattern.indexOf(']', at + 2) : -1
  if (end > 0) return [oneOf(pattern.slice(at + 1, end)), end + 1 - at, false]
  return [exactly(character), 1, false]
}

function exactly(wanted: string): Takes {
  return (character) => character === wanted
}

/** A class without its brackets: `12`, `0-9a-z`. */
function oneOf(text: string): Takes {
  const ranges = [...text.matchAll(/(.)-(.)|(.)/gs)].map(([, from, to, one]) => [from ?? one ?? '', to ?? one ?? ''])
  return (character) => ranges.some(([from = '', to = '']) => character >= from && character <= to)
}
