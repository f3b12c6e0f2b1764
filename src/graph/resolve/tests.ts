import type { Files } from './files.ts'
import { directoryOf, inDirectory } from './paths.ts'

const testName = /[._-](?:test|tests|spec|e2e|integration|unit|bench)$/
const testDirectory = /^(?:tests?|specs?|__tests__|e2e|integration|unit)$/
const sourceDirectories = ['src', 'lib', 'source', 'app']

/**
 * Finds the file that a test tests, by its name: `x.test.ts` beside `x.ts`, below it in `__tests__`, or at the mirrored place
 * (`test/a/x.test.ts` and `src/a/x.ts`). Null for what is no test or whose twin is not there.
 */
export function createTestTwins(files: Files): (path: string) => string | null {
  const known = new Map<string, string[]>()
  const placesFor = (directory: string): string[] => {
    let places = known.get(directory)
    if (places === undefined) {
      places = placesOf(directory.split('/')).filter((place) => files.hasDirectory(place))
      known.set(directory, places)
    }
    return places
  }
  return (path) => {
    // Most files are none, and this is the cheapest way to see it.
    if (!/test|spec|e2e|integration|unit|bench/.test(path)) return null
    const directory = directoryOf(path)
    const name = path.slice(directory === '' ? 0 : directory.length + 1)
    const stem = name.replace(/(?:\.d)?\.[cm]?[jt]sx?$/, '')
    if (stem === name) return null
    const plain = stem.replace(testName, '')
    const places = placesFor(directory)
    if (plain === stem && !directory.split('/').some((segment) => testDirectory.test(segment))) return null
    for (const place of [directory, ...places]) {
      const wanted = inDirectory(place, plain)
      const found = files.completed(wanted, 'typescript') ?? files.completed(`${wanted}/index`, 'typescript')
      if (found !== null && found !== path) return found
    }
    return null
  }
}

/** Where else than beside it the twin of a test may be. */
function placesOf(segments: string[]): string[] {
  const places: string[] = []
  for (let at = segments.length - 1; at >= 0; at--) {
    if (!testDirectory.test(segments[at] ?? '')) continue
    const before = segments.slice(0, at)
    const after = segments.slice(at + 1)
    for (const source of sourceDirectories) places.push([...before, source, ...after].join('/'))
    places.push([...before, ...after].join('/'))
  }
  return places
}
