import { posix } from 'node:path'

/** The directory of a path; the root is the empty string. */
export function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? '' : path.slice(0, slash)
}

/** A path from a directory, without `.` and `..`; the root is the empty string. Null when it leaves the repository. */
export function joinPath(directory: string, path: string): string | null {
  let base = directory
  let at = 0
  // Most paths have dots at their start only, and are joined by hand in a tenth of the time.
  for (;;) {
    if (path.startsWith('./', at)) at += 2
    else if (path.startsWith('../', at) && base !== '') {
      base = directoryOf(base)
      at += 3
    } else break
  }
  const rest = path.slice(at)
  if (/^[^./]/.test(rest) && !rest.includes('/.') && !rest.includes('//') && !rest.endsWith('/')) {
    return inDirectory(base, rest)
  }
  if (path.startsWith('/')) return null
  const joined = posix.join(base || '.', rest)
  if (joined === '.' || joined === './') return ''
  if (joined === '..' || joined.startsWith('../') || joined.startsWith('/')) return null
  return joined.endsWith('/') ? joined.slice(0, -1) : joined
}

/** The directory itself and those above it, the nearest first; the root, the empty string, comes last. */
export function* directoriesUp(directory: string): Generator<string> {
  let at = directory
  while (at !== '') {
    yield at
    at = directoryOf(at)
  }
  yield ''
}

export function within(directory: string, path: string): boolean {
  return directory === '' || path === directory || path.startsWith(`${directory}/`)
}

/** A path in a directory; `inDirectory('', 'a')` is `a`. */
export function inDirectory(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`
}
