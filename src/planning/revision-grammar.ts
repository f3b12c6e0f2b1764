import { hiddenCharacters, oneLine } from './visible.ts'

/** One thing that `/revise` asks for. */
export type RevisionStep =
  | { kind: 'drop' | 'order'; tasks: number[] }
  | { kind: 'exclude'; globs: string[] }
  | { kind: 'agent'; task: number; agent: string }
  | { kind: 'check'; name: string }
  | { kind: 'probe'; url: string }

type Read = { ok: true; step: RevisionStep } | { ok: false; message: string }

/**
 * Reads one command. Words are of any case, lists are separated by commas, quotes may stand around names:
 *
 *     drop 2, 3            leaves tasks out
 *     order 2, 1           does these first, in this order
 *     exclude docs/**      keeps changes away from paths (globs; a directory means all in it)
 *     agent 1 = format     lets another agent do a task
 *     check "unit tests"   waits for one check more, in both rounds
 *     probe https://…      probes one address more after the deployment
 */
export function readRevision(segment: string): Read {
  const match = /^([a-z]+)\s+(\S.*)$/is.exec(segment)
  const word = match?.[1]?.toLowerCase() ?? segment.toLowerCase()
  const rest = (match?.[2] ?? '').trim()
  const read = readers.get(word)
  if (read === undefined) {
    const said = oneLine(segment, 80)
    return { ok: false, message: `“${said}” is no revision that a plan made by rules can carry out.` }
  }
  return read(rest)
}

const readers = new Map<string, (rest: string) => Read>([
  ['drop', (rest) => tasks('drop', rest)],
  ['order', (rest) => tasks('order', rest)],
  ['exclude', readExclude],
  ['agent', readAgent],
  ['check', readCheck],
  ['probe', readProbe],
])

function tasks(kind: 'drop' | 'order', rest: string): Read {
  const words = rest
    .replace(/^tasks?\s+/i, '')
    .split(/[\s,]+/)
    .filter((word) => word !== '' && word.toLowerCase() !== 'and')
  const numbers = words.map((word) => (/^#?\d{1,4}$/.test(word) ? Number(word.replace('#', '')) : null))
  const known = numbers.filter((number) => number !== null)
  if (known.length === 0 || known.length < numbers.length) {
    return refuse(`\`${kind}\` takes numbers of tasks, and “${oneLine(rest, 80)}” is something else.`)
  }
  if (new Set(known).size < known.length) return refuse(`\`${kind} ${oneLine(rest, 80)}\` names a task twice.`)
  return { ok: true, step: { kind, tasks: known } }
}

function readExclude(rest: string): Read {
  const globs = rest
    .split(',')
    .map((glob) => unquoted(glob.trim()).replace(/^\.?\//, ''))
    .filter((glob) => glob !== '')
  if (globs.length === 0) return refuse('`exclude` takes paths or globs, such as `docs/**`.')
  for (const glob of globs) {
    const why = globFault(glob)
    if (why !== null) return refuse(`The path “${oneLine(glob, 80)}” ${why}.`)
  }
  return { ok: true, step: { kind: 'exclude', globs: globs.map((glob) => (glob.endsWith('/') ? `${glob}**` : glob)) } }
}

/** Matching takes the longer the more wildcards there are: a handful is enough for every path that people mean. */
export function globFault(glob: string): string | null {
  if (glob.length > 300) return 'is longer than 300 characters'
  if (/\s/.test(glob)) return 'has a space: separate paths with commas'
  if (glob.startsWith('!')) return 'begins with !: name what is to be left out'
  if (/[()[\]{}|\\]/.test(glob)) return 'has brackets or a backslash: only * and ? have a meaning here'
  if (hiddenCharacters(glob).length > 0) return 'has an invisible character'
  if ((glob.match(/\*+/g) ?? []).length > 4) return 'has more than four wildcards'
  return glob.split('/').includes('..') ? 'leads out of the repository' : null
}

function readAgent(rest: string): Read {
  const match = /^(?:task\s+)?#?(\d{1,4})\s*(?:=|:|\s)\s*(\S{1,100})$/i.exec(rest)
  const agent = unquoted(match?.[2] ?? '')
  if (match === null || !/^[a-z0-9][a-z0-9._-]{0,49}$/.test(agent)) {
    return refuse('`agent` takes the number of a task and the name of an agent, as in `agent 1 = format`.')
  }
  return { ok: true, step: { kind: 'agent', task: Number(match[1]), agent } }
}

function readCheck(rest: string): Read {
  const name = unquoted(rest)
  const plain =
    name.trim() !== '' && name.length <= 200 && !/["\p{Cc}]/u.test(name) && hiddenCharacters(name).length === 0
  if (!plain) return refuse('`check` takes the name of a check run, as in `check "unit tests"`.')
  return { ok: true, step: { kind: 'check', name } }
}

function readProbe(rest: string): Read {
  const written = unquoted(rest)
  const url = /^https?:\/\/\S{1,2000}$/.test(written) && URL.canParse(written) ? new URL(written) : null
  if (url === null) return refuse('`probe` takes an address that starts with http:// or https://.')
  if (url.username !== '' || url.password !== '')
    return refuse('The address to probe holds a user or password: leave them out.')
  return { ok: true, step: { kind: 'probe', url: written } }
}

function unquoted(text: string): string {
  return /^(["'`])(.*)\1$/s.exec(text)?.[2] ?? text
}

function refuse(message: string): Read {
  return { ok: false, message }
}
