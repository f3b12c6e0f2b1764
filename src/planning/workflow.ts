import { parse } from 'yaml'
import { nestsTooDeeply } from '../config/nesting.ts'
import { filterPattern, matchesPattern, type Pattern } from './pattern.ts'

/** What a workflow file says about when it runs and what its check runs are called. */
export type Workflow = {
  path: string
  on: Map<string, Record<string, unknown>>
  /** Names of its jobs; what an expression makes of a name is unknown, so only the part before it is kept. */
  jobs: string[]
}

/** An event that may start a workflow; `files` are the changed paths, `null` when they are not known. */
export type Trigger = { event: 'push' | 'pull_request' | 'deployment'; branch: string; files: string[] | null }

/** GitHub refuses larger workflow files. */
const largestFile = 512 * 1024

/** GitHub holds path filters against the first 300 files of a diff only. */
const mostFiltered = 300

/** Reads a workflow file; `null` for one that GitHub could not run either. */
export function readWorkflow(path: string, text: string): Workflow | null {
  if (text.length > largestFile || nestsTooDeeply(text)) return null
  let document: unknown
  try {
    document = parse(text, { logLevel: 'silent', maxAliasCount: 100 })
  } catch {
    return null
  }
  if (!isRecord(document) || !isRecord(document['jobs'])) return null
  const on = eventsOf(document['on'])
  if (on === null) return null
  const jobs = Object.entries(document['jobs']).map(([id, job]) => {
    const name = isRecord(job) && typeof job['name'] === 'string' ? job['name'] : id
    return name.split('${{', 1)[0] ?? ''
  })
  return { path, on, jobs }
}

function eventsOf(on: unknown): Workflow['on'] | null {
  if (typeof on === 'string') return new Map([[on, {}]])
  if (Array.isArray(on)) return new Map(on.filter((event) => typeof event === 'string').map((event) => [event, {}]))
  if (!isRecord(on)) return null
  return new Map(Object.entries(on).map(([event, filters]) => [event, isRecord(filters) ? filters : {}]))
}

/**
 * Whether an event starts a workflow. `maybe` where a filter of paths stands against files that are not known. Source:
 * "Events that trigger workflows" and "Workflow syntax": `branches`, `tags`, `paths`, `types`.
 */
export function startedBy(workflow: Workflow, { event, branch, files }: Trigger): 'yes' | 'no' | 'maybe' {
  const filters = workflow.on.get(event)
  if (filters === undefined) return 'no'
  if (event === 'deployment') return 'yes'
  if (event === 'pull_request' && filters['types'] !== undefined && !strings(filters['types']).includes('opened'))
    return 'no'
  // A push filter that names tags only does not run for branches.
  const onlyTags = filters['tags'] !== undefined || filters['tags-ignore'] !== undefined
  const aboutBranches = filters['branches'] !== undefined || filters['branches-ignore'] !== undefined
  if (event === 'push' && onlyTags && !aboutBranches) return 'no'
  if (filters['branches'] !== undefined && !lastMatchWins(filters['branches'])(branch)) return 'no'
  if (filters['branches-ignore'] !== undefined && lastMatchWins(filters['branches-ignore'])(branch)) return 'no'
  if (filters['paths'] === undefined && filters['paths-ignore'] === undefined) return 'yes'
  if (files === null || files.length > mostFiltered) return 'maybe'
  if (filters['paths'] !== undefined) return files.some(lastMatchWins(filters['paths'])) ? 'yes' : 'no'
  return files.every(lastMatchWins(filters['paths-ignore'])) ? 'no' : 'yes'
}

/** Patterns in their order, where `!` takes away what an earlier one matched. */
function lastMatchWins(written: unknown): (text: string) => boolean {
  const patterns: { pattern: Pattern; takes: boolean }[] = strings(written).map((text) => {
    return { pattern: filterPattern(text.startsWith('!') ? text.slice(1) : text), takes: !text.startsWith('!') }
  })
  return (text) => patterns.findLast(({ pattern }) => matchesPattern(pattern, text))?.takes ?? false
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether a check run of this name can be one of the workflow's: a job, a matrix job of it, or a job that it calls. */
export function hasCheck(workflow: Workflow, name: string): boolean {
  return workflow.jobs.some((job) => {
    if (job !== '' && /[ (/-]$/.test(job)) return name.startsWith(job.trimEnd())
    return job !== '' && (name === job || name.startsWith(`${job} (`) || name.startsWith(`${job} / `))
  })
}
