/** One step of a pattern: the characters it takes, how many, and how many steps from here on may be left out. */
type Step = { takes: (character: string) => boolean; many: boolean; skips: 0 | 1 | 2 }

/** A pattern ready to be matched. */
export type Pattern = Step[]

const any = () => true
const withinName = (character: string) => character !== '/'
const literal = (one: string): Step => ({ takes: (character) => character === one, many: false, skips: 0 })
const anything: Step = { takes: any, many: true, skips: 1 }
const name: Step = { takes: withinName, many: true, skips: 1 }
/** `**` and a slash: some directories or none. */
const directories: Pattern = [{ takes: any, many: true, skips: 2 }, literal('/')]

/**
 * Matches a whole text in at most pattern times text steps, whatever both are. Patterns come from files of the repository;
 * a translation into regular expressions would hand them a way to stall the service.
 */
export function matchesPattern(pattern: Pattern, text: string): boolean {
  let places = withSkips(pattern, [0])
  for (const character of text) {
    const next: number[] = []
    for (const place of places) {
      const step = pattern[place]
      if (step === undefined || !step.takes(character)) continue
      next.push(step.many ? place : place + 1)
      if (step.many) next.push(place + 1)
    }
    if (next.length === 0) return false
    places = withSkips(pattern, next)
  }
  return places.has(pattern.length)
}

/** These places, and those that can be come to from them without a character. */
function withSkips(pattern: Pattern, from: number[]): Set<number> {
  const places = new Set(from)
  // A set is iterated in the order of insertion, what is added meanwhile included.
  for (const place of places) {
    const skips = pattern[place]?.skips ?? 0
    for (let over = 1; over <= skips; over += 1) places.add(place + over)
  }
  return places
}

/**
 * A filter pattern of GitHub Actions: `*` within a name, `**` everywhere, `?` and `+` after a character, `[a-z]`, `\` before
 * a character that means itself. Source: "Workflow syntax for GitHub Actions", the filter pattern cheat sheet.
 */
export function filterPattern(text: string): Pattern {
  const pattern: Pattern = []
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? ''
    const last = pattern.at(-1)
    const end = character === '[' ? text.indexOf(']', at + 2) : -1
    if (character === '*') {
      const stars = starsAt(text, at)
      pattern.push(...stars.steps)
      at = stars.last
    } else if (character === '?' && last !== undefined) pattern[pattern.length - 1] = { ...last, skips: 1 }
    else if (character === '+' && last !== undefined) pattern[pattern.length - 1] = { ...last, many: true }
    else if (end > 0) {
      pattern.push({ takes: oneOf(text.slice(at + 1, end)), many: false, skips: 0 })
      at = end
    } else {
      if (character === '\\' && at + 1 < text.length) at += 1
      pattern.push(literal(text[at] ?? ''))
    }
  }
  return pattern
}

/**
 * A pattern of CODEOWNERS: like gitignore's without ranges and negation, and `docs/*` means the files right in it. Source:
 * GitHub's "About code owners". Several patterns, any of which may match.
 */
export function ownersPatterns(text: string): Pattern[] {
  const inDirectory = text.endsWith('/')
  const written = text.replace(/^\//, '').replace(/\/$/, '')
  const anchored = text.startsWith('/') || written.includes('/')
  const pattern: Pattern = anchored ? [] : [...directories]
  for (let at = 0; at < written.length; at += 1) {
    const character = written[at] ?? ''
    if (character === '*') {
      const stars = starsAt(written, at)
      pattern.push(...stars.steps)
      at = stars.last
    } else if (character === '?') pattern.push({ takes: withinName, many: false, skips: 0 })
    else {
      if (character === '\\' && at + 1 < written.length) at += 1
      pattern.push(literal(written[at] ?? ''))
    }
  }
  const below = [...pattern, literal('/'), anything]
  if (inDirectory) return [below]
  return (written.split('/').at(-1) ?? '').includes('*') ? [pattern] : [pattern, below]
}

function starsAt(text: string, at: number): { steps: Pattern; last: number } {
  if (text[at + 1] !== '*') return { steps: [name], last: at }
  const wholeName = at === 0 || text[at - 1] === '/'
  return wholeName && text[at + 2] === '/' ? { steps: directories, last: at + 2 } : { steps: [anything], last: at + 1 }
}

function oneOf(written: string): (character: string) => boolean {
  const ranges: [string, string][] = []
  for (let at = 0; at < written.length; at += 1) {
    const first = written[at] ?? ''
    const ranged = written[at + 1] === '-' && at + 2 < written.length
    ranges.push([first, ranged ? (written[at + 2] ?? '') : first])
    if (ranged) at += 2
  }
  return (character) => ranges.some(([first, last]) => character >= first && character <= last)
}
