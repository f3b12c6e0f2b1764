import { OPERATIONS, type Operation } from './description.ts'

/** Only these parameters, and `path`, may hold a slash; they are matched as the client encoded the path. */
const LONG = new Set(['ref', 'basehead', 'branch'])

interface Route {
  operation: Operation
  pattern: RegExp
  names: string[]
  /** How many segments are fixed: the most specific route wins (`/issues/comments` before `/issues/{issue_number}`). */
  fixed: number
}

export type Matched =
  | { ok: true; operation: Operation; params: Record<string, string> }
  /** `known`: the path exists under another method. */
  | { ok: false; known: boolean }

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

function route(operation: Operation): Route {
  const names: string[] = []
  const segments = operation.path.split('/').map((segment) => {
    const name = /^\{(.+)\}$/.exec(segment)?.[1]
    if (name === undefined) return escape(segment)
    names.push(name)
    // The root of the contents has the empty path.
    if (name === 'path') return '(.*)'
    return LONG.has(name) ? '(.+)' : '([^/]+)'
  })
  return {
    operation,
    names,
    pattern: new RegExp(`^${segments.join('/')}$`),
    fixed: segments.filter((segment) => !segment.startsWith('(')).length,
  }
}

const ROUTES = OPERATIONS.map(route).toSorted((one, other) => other.fixed - one.fixed)

/** Finds the operation for a path below `/api/v3`, still encoded. Contents are also read at the bare `/contents`. */
export function match(method: string, path: string): Matched {
  const sought = path.endsWith('/contents') ? `${path}/` : path
  let known = false
  for (const { operation, pattern, names } of ROUTES) {
    const found = pattern.exec(sought)
    if (found === null) continue
    if (operation.method !== method) {
      known = true
      continue
    }
    const params = decode(names, found)
    if (params !== null) return { ok: true, operation, params }
  }
  return { ok: false, known }
}

function decode(names: string[], found: RegExpExecArray): Record<string, string> | null {
  try {
    return Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(found[index + 1] ?? '')]))
  } catch {
    // A broken escape sequence names nothing.
    return null
  }
}
