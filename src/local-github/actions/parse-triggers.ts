import type { Json, JsonObject } from './contract.ts'
import { eventNames } from './event-names.ts'
import { isMapping } from './json.ts'
import { readMapping, readText, readTexts, WorkflowFault } from './workflow-fault.ts'
import type { Place } from './workflow-fault.ts'
import type { InputDefinition, PatternFilter, Trigger } from './workflow.ts'

const settingsOf: Record<string, string[]> = {
  push: ['branches', 'branches-ignore', 'tags', 'tags-ignore', 'paths', 'paths-ignore'],
  pull_request: ['types', 'branches', 'branches-ignore', 'paths', 'paths-ignore'],
  pull_request_target: ['types', 'branches', 'branches-ignore', 'paths', 'paths-ignore'],
  merge_group: ['types', 'branches', 'branches-ignore'],
  image_version: ['types', 'names', 'versions'],
  workflow_run: ['types', 'workflows', 'branches', 'branches-ignore'],
  workflow_dispatch: ['inputs'],
  workflow_call: ['inputs', 'outputs', 'secrets'],
}

const inputTypes = ['string', 'boolean', 'number', 'choice', 'environment'] as const

/** Reads `on:` in its three forms: one name, a list of names, a mapping of names to filters. */
export function readTriggers(value: Json | undefined, place: Place): Trigger[] {
  if (value === undefined || value === null) throw new WorkflowFault(place, "Required property is missing: 'on'")
  if (isMapping(value)) {
    return Object.entries(value).map(([event, settings]) => readTrigger(event, settings, [...place, event]))
  }
  return (readTexts(value, place) ?? []).map((event) => readTrigger(event, null, place))
}

function readTrigger(event: string, value: Json, place: Place): Trigger {
  if (!eventNames.includes(event)) throw new WorkflowFault(place, `Unexpected value '${event}'`)
  if (event === 'schedule') return { ...bare(event), crons: readCrons(value, place) }
  const settings = readMapping(value, place, settingsOf[event] ?? ['types'])
  return {
    ...bare(event),
    types: readTexts(settings['types'], [...place, 'types']),
    branches: readFilter(settings, 'branches', place),
    tags: readFilter(settings, 'tags', place),
    paths: readFilter(settings, 'paths', place),
    workflows: readTexts(settings['workflows'], [...place, 'workflows']),
    inputs: event === 'workflow_dispatch' ? readInputs(settings['inputs'], [...place, 'inputs']) : [],
  }
}

function bare(event: string): Trigger {
  return { event, types: null, branches: null, tags: null, paths: null, workflows: null, crons: [], inputs: [] }
}

function readFilter(settings: JsonObject, key: string, place: Place): PatternFilter | null {
  const kept = readTexts(settings[key], [...place, key])
  const ignored = readTexts(settings[`${key}-ignore`], [...place, `${key}-ignore`])
  if (kept !== null && ignored !== null) {
    throw new WorkflowFault(place, `You may only define one of \`${key}\` and \`${key}-ignore\` for a single event`)
  }
  if (kept !== null) return { ignore: false, patterns: kept }
  return ignored === null ? null : { ignore: true, patterns: ignored }
}

function readCrons(value: Json, place: Place): string[] {
  if (!Array.isArray(value)) throw new WorkflowFault(place, 'A sequence was expected')
  return value.map((entry, index) => {
    const cron = readText(readMapping(entry, [...place, index], ['cron', 'timezone'])['cron'], [
      ...place,
      index,
      'cron',
    ])
    if (cron === null) throw new WorkflowFault([...place, index], "Required property is missing: 'cron'")
    return cron
  })
}

function readInputs(value: Json | undefined, place: Place): InputDefinition[] {
  return Object.entries(readMapping(value, place, null)).map(([name, given]) => {
    const at = [...place, name]
    const settings = readMapping(given, at, [
      'description',
      'required',
      'default',
      'type',
      'options',
      'deprecationMessage',
    ])
    const wanted = readText(settings['type'], [...at, 'type']) ?? 'string'
    const type = inputTypes.find((known) => known === wanted)
    if (type === undefined) throw new WorkflowFault([...at, 'type'], `Unexpected value '${wanted}'`)
    const fallback = settings['default'] ?? null
    if (typeof fallback === 'object' && fallback !== null) {
      throw new WorkflowFault([...at, 'default'], 'A scalar was expected')
    }
    return { name, type, fallback }
  })
}
