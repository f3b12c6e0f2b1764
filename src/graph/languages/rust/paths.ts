import { mostReferences } from '../language.ts'

/** No real path has more; hostile ones must not grow without end. */
export const mostSegments = 32

/** A path that a `use` brings in, and under which name: a star for all that it leads to. */
export type UsedPath = { segments: string[]; name: string }

/**
 * The paths of a use tree, from its first token to the semicolon; `last` is the token that ends it. `a::{b, c::{self, d as e}, f::*}`
 * gives `a::b`, `a::c`, `a::c::d` and `a::f`.
 */
export function takeUseTree(first: string, next: () => string): { paths: UsedPath[]; last: string } {
  const paths: UsedPath[] = []
  const prefix: string[] = []
  /** How long the prefix is around each open brace. */
  const levels: number[] = []
  let own: string[] = []
  let name: string | null = null
  let token = first
  const finish = () => {
    if (paths.length >= mostReferences) own = []
    const segments = [...prefix, ...own].slice(0, mostSegments)
    const last = own.at(-1)
    if (own.length > 0 || (name !== null && paths.length < mostReferences)) {
      // `a::{self}` brings in `a`.
      const path = last === 'self' && segments.length > 1 ? segments.slice(0, -1) : segments
      paths.push({ segments: path, name: name ?? path.at(-1) ?? '' })
    }
    own = []
    name = null
  }
  for (; token !== '' && token !== ';'; token = next()) {
    if (token === '::') continue
    if (token === '{') {
      levels.push(prefix.length)
      prefix.push(...own.slice(0, mostSegments - prefix.length))
      own = []
    } else if (token === '}') {
      finish()
      const above = levels.pop()
      if (above === undefined) break
      prefix.length = above
    } else if (token === ',') finish()
    else if (token === '*') name = '*'
    else if (token === 'as') name = next()
    else if (own.length < mostSegments) own.push(token)
  }
  finish()
  return { paths: paths.filter(({ segments }) => segments.length > 0), last: token }
}

/** `head::a::b`, at the first `::`; `last` is the first token after it. */
export function takePath(head: string, first: string, next: () => string): { segments: string[]; last: string } {
  const segments = [head]
  let token = first
  while (token === '::') {
    token = next()
    if (!/^\w|^[\u0080-\uffff]/.test(token)) break
    if (segments.length < mostSegments) segments.push(token)
    token = next()
  }
  return { segments, last: token }
}
