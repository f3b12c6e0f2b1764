import type { Files } from '../../resolve/files.ts'
import { directoriesUp, directoryOf, inDirectory, joinPath } from '../../resolve/paths.ts'
import { nearest } from '../language.ts'
import type { Language } from '../language.ts'
import type { CReading } from './scan.ts'
import { isStandardHeader } from './standard.ts'

/** Where a library keeps the headers that others include. */
const customaryDirectories = ['', 'include', 'inc', 'src', 'lib']
/** What a header is configured from is in the tree; the header is not. */
const template = '.in'
/** A name that so many files have says nothing. */
const mostCandidates = 200

/**
 * C and C++ to the level of files: what is included. Which directories the compiler searches is not known, so an include in
 * quotes is looked for beside the file, then in the directories above it and those customary for headers below them, then
 * anywhere in the tree, the nearest first. One in angle brackets must fit one file of the tree and no more.
 */
export function createC(sources: Map<string, CReading>, files: Files): Language<CReading> {
  const byName = new Map<string, string[]>()
  const directories = new Set<string>()
  for (const path of sources.keys()) {
    const name = withoutTemplate(path.slice(path.lastIndexOf('/') + 1))
    const before = byName.get(name)
    if (before === undefined) byName.set(name, [path])
    else before.push(path)
    for (const up of directoriesUp(directoryOf(path))) directories.add(up.slice(up.lastIndexOf('/') + 1))
  }
  /** What is found from a directory is the same for all of its files. */
  const known = new Map<string, string | null>()

  const fitting = (wanted: string): string[] => {
    const plain = wanted.replace(/^(?:\.{1,2}\/)+/, '')
    const named = byName.get(plain.slice(plain.lastIndexOf('/') + 1)) ?? []
    return named.length > mostCandidates
      ? []
      : named.filter((path) => `/${withoutTemplate(path)}`.endsWith(`/${plain}`))
  }

  const above = (wanted: string, directory: string): string | null => {
    for (const up of directoriesUp(directory)) {
      for (const place of customaryDirectories) {
        const path = joinPath(inDirectory(up, place), wanted)
        const found = path === null ? undefined : [path, path + template].find((each) => files.has(each))
        if (found !== undefined) return found
      }
    }
    return null
  }

  const find = (wanted: string, system: boolean, directory: string): string | null => {
    const key = `${system} ${directory} ${wanted}`
    const before = known.get(key)
    if (before !== undefined) return before
    const fits = system && isStandardHeader(wanted) ? [] : fitting(wanted)
    let found = system ? null : (above(wanted, directory) ?? nearest(fits, inDirectory(directory, 'x')))
    if (system && fits.length === 1) found = fits[0] ?? null
    known.set(key, found)
    return found
  }

  /** `"gtest/gtest.h"`, where no directory of the tree has the name. */
  const isForeign = (wanted: string) => /^[\w+-]+\//.test(wanted) && !directories.has(wanted.split('/', 1)[0] ?? '')

  return {
    connect: (path, { includes }, links) => {
      for (const { path: wanted, system } of includes) {
        const found = find(wanted.replaceAll('\\', '/'), system, directoryOf(path))
        if (found !== null) links.add('import', [found])
        else if (isStandardHeader(wanted)) continue
        else if (system || isForeign(wanted)) links.external(wanted.split('/', 1)[0] ?? wanted)
        else links.unresolved(wanted, 'import')
      }
    },
    entryPoints: () => [],
  }
}

function withoutTemplate(path: string): string {
  return path.endsWith(template) ? path.slice(0, -template.length) : path
}
