import { createMapper, type DependencyMap } from '../graph/map.ts'
import { GraphDocument } from './documents/graph.ts'
import { UsageError, type Status } from './failure.ts'
import { gitDirOf } from './git-dir.ts'
import { graphCache } from './graph-cache.ts'
import { print, printJson } from './output.ts'

/** `pawl graph`: who needs whom in a repository, as JSON, Mermaid or DOT. */
export async function graphCommand(options: {
  repo: string
  commit: string
  format: 'json' | 'mermaid' | 'dot'
  json?: boolean
}): Promise<Status> {
  const mapper = createMapper({ cacheDir: graphCache() })
  try {
    const map = await mapper.map(gitDirOf(options.repo), options.commit).catch((error: unknown) => {
      throw new UsageError(
        `${options.commit} of ${options.repo} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      )
    })
    if (options.json || options.format === 'json') printJson(GraphDocument.parse(map))
    else print(options.format === 'dot' ? dot(map) : mermaid(map))
    return 0
  } finally {
    await mapper.close()
  }
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
