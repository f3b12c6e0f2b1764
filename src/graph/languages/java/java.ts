import { directoryOf } from '../../resolve/paths.ts'
import { mostFilesOfPackage, nearest } from '../language.ts'
import type { Language, Links } from '../language.ts'
import type { JavaImport, JavaReading } from './scan.ts'

/** By the names of their classes: several source roots may have the same. */
type Package = Map<string, string[]>

const platform = /^(?:java|javax|jdk|sun|com\.sun)\./
const testDirectory = /(?:^|\/)(?:\w*[tT]ests?|testFixtures|jmh)\//

/**
 * Java to the level of classes, by the packages that the files say they are in: a file depends on the file of each class it
 * imports, and on all of a package that it imports with a star. Classes of the same package use each other without an
 * import: that is not shown, but for a test and, by its name, what it tests. A class that is not in the file of its name is
 * not found.
 */
export function createJava(sources: Map<string, JavaReading>): Language<JavaReading> {
  const packages = new Map<string, Package>()
  for (const [path, reading] of sources) {
    const found: Package = packages.get(reading.package) ?? new Map()
    packages.set(reading.package, found)
    const name = classOf(path)
    const before = found.get(name)
    if (before === undefined) found.set(name, [path])
    else before.push(path)
  }

  /** The file of a class, or of the class around it. */
  const find = (segments: string[], from: string): string | null => {
    for (let length = segments.length - 1; length > 0; length--) {
      const candidates = packages.get(segments.slice(0, length).join('.'))?.get(segments[length] ?? '')
      if (candidates !== undefined) return nearest(visible(candidates, from), from)
    }
    return null
  }

  const connectOne = (path: string, { name, static: isStatic, wildcard }: JavaImport, links: Links) => {
    const all = wildcard && !isStatic ? packages.get(name) : undefined
    if (all !== undefined) {
      const paths = visible([...all.values()].flat(), path)
      links.add('import', paths.length > mostFilesOfPackage ? paths.slice(0, 1) : paths)
      return
    }
    const segments = name.split('.').slice(0, mostSegments)
    const found = find(segments, path)
    if (found !== null) return links.add('import', [found])
    // Packages are in lower case, by custom.
    const place = segments.findIndex((segment) => /^[A-Z]/.test(segment))
    const own = segments.slice(0, place < 0 ? segments.length - (wildcard ? 0 : 1) : place).join('.')
    if (packages.has(own)) links.unresolved(wildcard ? `${name}.*` : name, 'import')
    else if (!platform.test(name)) links.external(own)
  }

  return {
    connect: (path, reading, links) => {
      for (const each of reading.imports) connectOne(path, each, links)
      const tested = testedClass(classOf(path))
      const candidates = tested === null ? undefined : packages.get(reading.package)?.get(tested)
      if (candidates !== undefined)
        links.add(
          'test',
          [nearest(candidates, path)].filter((found) => found !== null),
        )
    },
    entryPoints: () => [],
  }
}

/** No real name has more. */
const mostSegments = 32

/** Sources do not see those of tests. */
function visible(candidates: string[], from: string): string[] {
  if (testDirectory.test(`${directoryOf(from)}/`)) return candidates
  const sources = candidates.filter((path) => !testDirectory.test(`${directoryOf(path)}/`))
  return sources.length > 0 ? sources : candidates
}

function classOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.java$/, '')
}

function testedClass(name: string): string | null {
  const match = /^(.+?)(?:Tests?|TestCase|ITCase|IT|Benchmark)$/.exec(name) ?? /^Test([A-Z].*)$/.exec(name)
  return match?.[1] ?? null
}
