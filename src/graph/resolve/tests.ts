import type { Files } from './files.ts'
import { directoryOf, inDirectory } from './paths.ts'

const testName = /[._-](?:test|tests|spec|e2e|integration|unit|bench)$/
const testDirectory = /^(?:tests?|specs?|__tests__|e2e|integration|unit)$/
const sourceDirectories = ['src', 'lib', 'source', 'app']

/**
 * The file a test tests, by its name: `x.test.ts` beside `x.ts`, below it in `__tests__`, or at the mirrored place
 * (`test/a/x.test.ts` and `src/a/x.ts`). Null for what is no test or whose twin is not there.
 */
export function testedBy(path: string, files: Files): string | null {
  // Most files are none, and this is the cheapest way to see it.
  if (!/test|spec|e2e|integration|unit|bench/.test(path)) return null
  const directory = directoryOf(path)
  const name = path.slice(directory === '' ? 0 : directory.length + 1)
  const stem = name.replace(/(?:\.d)?\.[cm]?[jt]sx?$/, '')
  if (stem === name) return null
  const plain = stem.replace(testName, '')
  const segments = directory === '' ? [] : directory.split('/')
  if (plain === stem && !segments.some((segment) => testDirectory.test(segment))) return null
  for (const place of places(segments, plain)) {
    const found = files.completed(place, 'typescript') ?? files.completed(`${place}/index`, 'typescript')
    if (found !== null && found !== path) return found
  }
  return null
}

function* places(segments: string[], name: string): Generator<string> {
  yield inDirectory(segments.join('/'), name)
  for (let at = segments.length - 1; at >= 0; at--) {
    if (!testDirectory.test(segments[at] ?? '')) continue
    const before = segments.slice(0, at)
    const after = segments.slice(at + 1)
    for (const source of sourceDirectories) yield [...before, source, ...after, name].join('/')
    yield [...before, ...after, name].join('/')
  }
}
