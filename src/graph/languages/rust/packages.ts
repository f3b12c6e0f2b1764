import type { Files } from '../../resolve/files.ts'
import { directoriesUp, directoryOf, joinPath } from '../../resolve/paths.ts'
import type { CargoDependency, CargoReading } from './manifest.ts'

/** A package of the repository, and the files that its crates begin with. */
export type CargoPackage = {
  directory: string
  lib: string | null
  bins: string[]
  /** Tests, examples, benches and the build script. */
  others: string[]
  /** What a crate name means in its sources: the first file of a library of the repository, or the name of one from outside. */
  crates: Map<string, { lib: string } | { external: string }>
}

export type CargoPackages = { all: CargoPackage[]; nearest(directory: string): CargoPackage | null }

const bin = /^src\/(?:main\.rs|bin\/[^/]+\.rs|bin\/[^/]+\/main\.rs)$/
const other = /^(?:(?:tests|examples|benches)\/(?:[^/]+|[^/]+\/main)\.rs|build\.rs)$/

export function createCargoPackages(
  manifests: Map<string, CargoReading>,
  sources: Iterable<string>,
  files: Files,
): CargoPackages {
  const readings = new Map<string, CargoReading>()
  const packages = new Map<string, CargoPackage>()
  for (const [path, reading] of manifests) {
    const directory = directoryOf(path)
    readings.set(directory, reading)
    if (reading.name === null) continue
    const located = (wanted: string) => {
      const place = joinPath(directory, wanted)
      return place !== null && files.has(place) ? [place] : []
    }
    packages.set(directory, {
      directory,
      lib: located(reading.lib.path ?? 'src/lib.rs')[0] ?? null,
      bins: reading.bins.flatMap(located),
      others: reading.others.flatMap(located),
      crates: new Map(),
    })
  }
  const nearest = (directory: string): CargoPackage | null => {
    for (const up of directoriesUp(directory)) {
      const found = packages.get(up)
      if (found !== undefined) return found
    }
    return null
  }
  for (const path of sources) {
    const own = nearest(directoryOf(path))
    if (own === null) continue
    const place = own.directory === '' ? path : path.slice(own.directory.length + 1)
    if (bin.test(place) && !own.bins.includes(path)) own.bins.push(path)
    if (other.test(place) && !own.others.includes(path)) own.others.push(path)
  }

  const patches = new Map<string, string>()
  for (const [directory, reading] of readings) {
    for (const { key, package: name, path } of reading.patches) {
      const place = path === null ? null : joinPath(directory, path)
      if (place !== null) patches.set(name ?? key, place)
    }
  }

  /** What the workspace above says of a dependency, and the directory it says it in. */
  const shared = (key: string, directory: string): { dependency: CargoDependency; directory: string } | null => {
    for (const up of directoriesUp(directory)) {
      const dependency = readings.get(up)?.shared.find((each) => each.key === key)
      if (dependency !== undefined) return { dependency, directory: up }
    }
    return null
  }

  for (const own of packages.values()) {
    const reading = readings.get(own.directory)
    if (reading === undefined) continue
    for (const asked of reading.dependencies) {
      const told = asked.workspace ? shared(asked.key, own.directory) : null
      const { package: name, path } = told?.dependency ?? asked
      const place = path === null ? patches.get(name ?? asked.key) : joinPath(told?.directory ?? own.directory, path)
      const local = place === undefined || place === null ? undefined : packages.get(place)
      const libName = local && name === null ? (readings.get(local.directory)?.lib.name ?? null) : null
      const lib = local?.lib ?? null
      own.crates.set(crateName(libName ?? asked.key), lib === null ? { external: name ?? asked.key } : { lib })
    }
    if (own.lib !== null) own.crates.set(crateName(reading.lib.name ?? reading.name ?? ''), { lib: own.lib })
  }
  return { all: [...packages.values()], nearest }
}

function crateName(name: string): string {
  return name.replaceAll('-', '_')
}
