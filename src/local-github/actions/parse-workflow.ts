import { LineCounter, parseDocument } from 'yaml'
import type { Document } from 'yaml'

import { availability, checkExpressions } from './availability.ts'
import type { Json, JsonObject, WorkflowFile } from './contract.ts'
import { isMapping } from './json.ts'
import { faultInGraph } from './job-graph.ts'
import { readDefaults, readJob } from './parse-job.ts'
import { readTriggers } from './parse-triggers.ts'
import { readPermissions } from './permissions.ts'
import { readMapping, readText, WorkflowFault } from './workflow-fault.ts'
import type { Place } from './workflow-fault.ts'
import type { RunDefaults, Workflow, WorkflowJob } from './workflow.ts'

export type ParsedWorkflow = { ok: true; workflow: Workflow } | { ok: false; name: string; error: string }

const keys = ['name', 'description', 'run-name', 'on', 'permissions', 'env', 'defaults', 'concurrency', 'jobs']

/** Reads a workflow file. The error says what is wrong and where: `(Line: 4, Col: 3): Unexpected value 'job'`. */
export function parseWorkflow(file: WorkflowFile): ParsedWorkflow {
  const lines = new LineCounter()
  const document = parseDocument(file.text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' })
  const broken = document.errors[0]
  if (broken !== undefined) {
    const { line, col } = lines.linePos(broken.pos[0])
    return { ok: false, name: file.path, error: `(Line: ${line}, Col: ${col}): ${broken.message}` }
  }
  // Only what YAML knows beyond JSON, such as a big integer, could make this untrue, and the core schema has none.
  const root = toJson(document)
  if (typeof root === 'string' || !isMapping(root)) {
    return { ok: false, name: file.path, error: typeof root === 'string' ? root : 'A mapping was expected' }
  }
  const name = typeof root['name'] === 'string' && root['name'] !== '' ? root['name'] : file.path
  try {
    return { ok: true, workflow: readWorkflow(file.path, name, root) }
  } catch (error) {
    if (!(error instanceof WorkflowFault)) throw error
    return { ok: false, name, error: `${position(document, lines, error.place)}${error.message}` }
  }
}

function toJson(document: Document): Json {
  try {
    return document.toJS({ maxAliasCount: 1000 }) as Json
  } catch (error) {
    // An alias without its anchor, or a file that unfolds without bound.
    return error instanceof Error ? error.message : String(error)
  }
}

function readWorkflow(path: string, name: string, root: JsonObject): Workflow {
  readMapping(root, [], keys)
  const triggers = readTriggers(root['on'], ['on'])
  checkExpressions(root['run-name'], ['run-name'], availability.run)
  checkExpressions(root['concurrency'], ['concurrency'], availability.run)
  checkExpressions(root['env'], ['env'], availability.runEnv)
  const defaults = readDefaults(root['defaults'], ['defaults'])
  const jobs = Object.entries(readMapping(root['jobs'], ['jobs'], null)).map(([id, job]) =>
    withDefaults(readJob(id, job, ['jobs', id]), defaults),
  )
  if (jobs.length === 0) throw new WorkflowFault(['jobs'], 'There must be at least one job')
  const fault = faultInGraph(jobs)
  if (fault !== null) throw new WorkflowFault(['jobs', fault.id, 'needs'], fault.message)
  return {
    path,
    name,
    runName: readText(root['run-name'], ['run-name']),
    triggers,
    env: typeof root['env'] === 'string' ? root['env'] : readMapping(root['env'], ['env'], null),
    concurrency: root['concurrency'] ?? null,
    permissions: readPermissions(root['permissions'], ['permissions']),
    jobs,
  }
}

/** A job says itself, or leaves to the workflow, how its steps run. */
function withDefaults(job: WorkflowJob, { shell, workingDirectory }: RunDefaults): WorkflowJob {
  const own = job.defaults
  return {
    ...job,
    defaults: { shell: own.shell ?? shell, workingDirectory: own.workingDirectory ?? workingDirectory },
  }
}

/** The line and column of the place, or of the nearest thing above it that is in the file. */
function position(document: Document, lines: LineCounter, place: Place): string {
  for (let depth = place.length; depth > 0; depth -= 1) {
    const node = document.getIn(place.slice(0, depth), true)
    const offset = rangeStart(node)
    if (offset === null) continue
    const { line, col } = lines.linePos(offset)
    return `(Line: ${line}, Col: ${col}): `
  }
  return ''
}

function rangeStart(node: unknown): number | null {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return null
  const [start] = node.range as unknown[]
  return typeof start === 'number' ? start : null
}
