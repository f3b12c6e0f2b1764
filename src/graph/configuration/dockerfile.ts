import { pathsInCommand } from './commands.ts'

/** What a Dockerfile names of its build context: sources of COPY and ADD (paths or globs), and words of its commands. */
export type DockerReading = { sources: string[]; words: string[] }

/** Each name costs a look through the tree. */
const mostNames = 500

/** Source: docs.docker.com/reference/dockerfile. What comes `--from` another stage or address is not of the repository. */
export function readDockerfile(text: string): DockerReading {
  const sources: string[] = []
  const words: string[] = []
  const joined = text.replace(/^[ \t]*#.*$/gm, '').replace(/\\[ \t]*\r?\n/g, ' ')
  for (const line of joined.split('\n')) {
    const [, instruction = '', rest = ''] = /^\s*([A-Za-z]+)\s(.*)$/.exec(line) ?? []
    const name = instruction.toUpperCase()
    if (name === 'COPY' || name === 'ADD') sources.push(...copied(rest.trim()))
    if (name === 'CMD' || name === 'ENTRYPOINT' || name === 'RUN') words.push(...pathsInCommand(rest))
  }
  return { sources: [...new Set(sources)].slice(0, mostNames), words: [...new Set(words)].slice(0, mostNames) }
}

function copied(text: string): string[] {
  const flags = /^(?:--\S+\s+)*/.exec(text)?.[0] ?? ''
  if (/--from=/.test(flags)) return []
  const list = text.slice(flags.length)
  const items = list.startsWith('[') ? [...list.matchAll(/"([^"]*)"/g)].map((m) => m[1] ?? '') : list.split(/\s+/)
  return items.slice(0, -1).filter((item) => item !== '' && !item.startsWith('<<') && !/^[a-z]+:\/\//.test(item))
}

const fileName = /(^|\/)((Dockerfile|Containerfile)(\.[\w.-]+)?|[\w.-]+\.[Dd]ockerfile)$/

export function isDockerfile(path: string): boolean {
  return /ockerfile|Containerfile/.test(path) && fileName.test(path)
}
