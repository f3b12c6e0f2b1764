import { createRequire } from 'node:module'
import type picomatch from 'picomatch'

/** Loaded where a repository has globs at all. */
const load = createRequire(import.meta.url)

/** Patterns of strangers become regular expressions; beyond this they could take for ever on some path. */
const longestGlob = 200
const mostStars = 6

/** Whether a path matches one of the globs and none of those that begin with `!`. Wild ones are left out. */
export function matchGlobs(globs: string[]): (path: string) => boolean {
  const tame = globs
    .slice(0, 500)
    .map((glob) => glob.replace(/^(!?)\.?\//, '$1').replace(/\/+$/, ''))
    .filter(isTame)
  const wanted = tame.filter((glob) => !glob.startsWith('!'))
  const unwanted = tame.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1))
  if (wanted.length === 0) return () => false
  const match = load('picomatch') as typeof picomatch
  const options = { noextglob: true }
  const isWanted = match(wanted, options)
  const isUnwanted = match(unwanted, options)
  return (path) => isWanted(path) && !(unwanted.length > 0 && isUnwanted(path))
}

function isTame(glob: string): boolean {
  if (glob === '' || glob.length > longestGlob || (glob.match(/[*?{]/g)?.length ?? 0) > mostStars) return false
  return glob.split('/').every((segment) => segment === '**' || (segment.match(/\*/g)?.length ?? 0) <= 2)
}
