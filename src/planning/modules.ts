import { areasOf, directoryOf, isDeployable, isManifest } from './places.ts'

/**
 * The modules that paths belong to, sorted: the directory of the nearest manifest (`package.json`, `go.mod`, …) and up to two
 * directories below it, as in `packages/api/src/routes`. `.` is the root.
 */
export function modulesOf(touched: string[], paths: string[]): string[] {
  const packages = new Set(paths.filter(isManifest).map(directoryOf))
  const modules = touched.map((path) => {
    const directory = directoryOf(path)
    const home = nearest(directory, packages) ?? '.'
    const below = directory === home ? [] : directory.slice(home === '.' ? 0 : home.length + 1).split('/')
    return [home === '.' ? '' : home, ...below.slice(0, 2)].filter((part) => part !== '').join('/') || '.'
  })
  return [...new Set(modules)].sort()
}

/**
 * The directories that are deployed as one thing and that the paths reach, sorted. Where nothing in the tree says what is
 * deployed it is the root. Tests and documentation reach nothing.
 */
export function deployablesOf(reached: string[], paths: string[]): string[] {
  const deployed = new Set(paths.filter(isDeployable).map(directoryOf))
  if (deployed.size === 0) deployed.add('.')
  const found = new Set<string>()
  for (const path of reached) {
    const areas = areasOf(path)
    if (areas.includes('test') || areas.includes('documentation') || areas.includes('workflow')) continue
    const home = nearest(directoryOf(path), deployed)
    if (home !== null) found.add(home)
  }
  return [...found].sort()
}

/** The directory itself or the closest one above it that is in the set. */
function nearest(directory: string, among: Set<string>): string | null {
  for (let at = directory; ; at = directoryOf(at)) {
    if (among.has(at)) return at
    if (at === '.') return null
  }
}
