import { setFlagsFromString } from 'node:v8'
import type { DependencyMap } from '../graph/dependency-map.ts'
import { UsageError, type Status } from './failure.ts'
import { commitOf } from './git-dir.ts'
import { graphCache } from './graph-cache.ts'
import { print, printPiece } from './output.ts'

/** `pawl graph`: who needs whom in a repository, as JSON, Mermaid or DOT. */
export async function graphCommand(options: {
  repo: string
  commit: string
  format: 'json' | 'mermaid' | 'dot'
  json?: boolean
}): Promise<Status> {
  beFrugal()
  const { createMapper } = await import('../graph/map.ts')
  const mapper = createMapper({ cacheDir: graphCache() })
  try {
    const { gitDir, commit } = commitOf(options.repo, options.commit)
    const map = await mapper.map(gitDir, commit).catch((error: unknown) => {
      throw new UsageError(
        `${options.commit} of ${options.repo} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      )
    })
    if (options.json || options.format === 'json') await printMap(map)
    else print(options.format === 'dot' ? dot(map) : mermaid(map))
    return 0
  } finally {
    await mapper.close()
  }
}

/**
 * Settings of the engine for a process that lives for a second: the slowest and best of its compilers takes longer than it saves,
 * and room for young objects that grows takes memory and saves no time.
 */
function beFrugal(): void {
  setFlagsFromString('--no-opt')
  setFlagsFromString('--semi-space-growth-factor=1')
}

/** So many elements are made into text at a time. */
const pieceLength = 1_000

/** As one JSON document, an element of a list on a line. */
async function printMap(map: DependencyMap): Promise<void> {
  let separator = '{'
  for (const [key, value] of Object.entries(map)) {
    await printPiece(`${separator}\n  ${JSON.stringify(key)}: `)
    separator = ','
    if (Array.isArray(value)) await printList(value)
    else await printPiece(JSON.stringify(value))
  }
  await printPiece('\n}\n')
}

async function printList(list: unknown[]): Promise<void> {
  for (let at = 0; at < list.length; at += pieceLength) {
    await printPiece(`${at === 0 ? '[' : ','}\n    ${linesOf(list.slice(at, at + pieceLength))}`)
  }
  await printPiece(list.length === 0 ? '[]' : '\n  ]')
}

/** The edges are many and made into text together; no text within them holds what stands between two: its quotation marks are escaped. */
function linesOf(piece: unknown[]): string {
  const apart = ',\n    '
  if (typeof piece[0] === 'string') return piece.map((text) => JSON.stringify(text)).join(apart)
  return JSON.stringify(piece).slice(1, -1).replaceAll('"},{"from":"', `"}${apart}{"from":"`)
}

function dot({ dependencies }: DependencyMap): string {
  const quoted = (path: string) => JSON.stringify(path)
  const edges = dependencies.map(({ from, to, kind }) => `  ${quoted(from)} -> ${quoted(to)} [label=${quoted(kind)}]`)
  return `digraph dependencies {\n  rankdir=LR\n${edges.join('\n')}\n}`
}

/** Node ids are numbers: a path may hold what Mermaid would read as syntax, and only its quoted text is safe. */
function mermaid({ dependencies }: DependencyMap): string {
  const paths = [...new Set(dependencies.flatMap(({ from, to }) => [from, to]))]
  const id = new Map(paths.map((path, index) => [path, `n${index}`]))
  const text = (path: string) => path.replace(/["<>&#]/g, (sign) => `#${sign.charCodeAt(0)};`)
  const nodes = paths.map((path) => `  ${id.get(path)}["${text(path)}"]`)
  const edges = dependencies.map(({ from, to }) => `  ${id.get(from)} --> ${id.get(to)}`)
  return ['graph LR', ...nodes, ...edges].join('\n')
}
