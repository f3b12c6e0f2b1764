import picomatch from 'picomatch'

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
  const options = { noextglob: true }
  const isWanted = picomatch(wanted, options)
  const isUnwanted = picomatch(unwanted, options)
  return (path) => wanted.length > 0 && isWanted(path) && !(unwanted.length > 0 && isUnwanted(path))
}

function isTame(glob: string): boolean {
  if (glob === '' || glob.length > longestGlob || (glob.match(/[*?{]/g)?.length ?? 0) > mostStars) return false
  return glob.split('/').every((segment) => segment === '**' || (segment.match(/\*/g)?.length ?? 0) <= 2)
}
