import type { Finding, Plan } from '../model.ts'
import type { Revisions } from './revision.ts'
import { readRevision, type RevisionStep } from './revision-grammar.ts'
import { oneLine } from './visible.ts'

/** `free` tells that some of it is not in the grammar: words that a person might understand. */
export type Revised =
  | { ok: true; revisions: Revisions; notes: string[] }
  | { ok: false; findings: Finding[]; free: boolean }

const howToRevise =
  'Write one or several of these, separated by `;` or on lines of their own: `drop 2` · `order 2, 1` · `exclude docs/**` · ' +
  '`agent 1 = format` · `check "unit tests"` · `probe https://example.org/health`. For anything else edit the issue: the plan is then made anew.'

/** More than a plan can be read with. */
const mostOfEach = 50

/**
 * Reads what `/revise` asks for, in a small grammar (see `readRevision`), and holds it against the plan. `earlier` is what was
 * revised before; the answer's `revisions` are those and the new ones together. One thing that is not understood, or not
 * possible, refuses all of it, so that nobody approves half of what they asked for.
 */
export function parseRevision(text: string, plan: Plan, earlier: Revisions): Revised {
  const segments = segmentsOf(text)
  if (segments.length === 0) {
    return { ok: false, findings: [unclear('The command says nothing to revise.')], free: false }
  }
  const findings: Finding[] = []
  const notes: string[] = []
  let revisions = earlier
  let left = plan.tasks.map(({ id }) => id)
  let free = false
  for (const segment of segments) {
    const read = readRevision(segment)
    const fault = read.ok ? impossible(read.step, left) : read.message
    if (!read.ok) free = true
    if (fault !== null || !read.ok) {
      findings.push(unclear(fault ?? ''))
      continue
    }
    const { step } = read
    revisions = added(revisions, step)
    if (step.kind === 'drop') left = left.filter((id) => !step.tasks.includes(id))
    notes.push(noteOf(step, plan))
  }
  const full = Object.values(revisions).some((list) => list.length > mostOfEach)
  if (full) findings.push(unclear(`An update takes at most ${mostOfEach} revisions of a kind.`))
  return findings.length > 0 ? { ok: false, findings, free } : { ok: true, revisions, notes }
}

/** Cuts at lines and at semicolons, but not at those between quotes. */
function segmentsOf(text: string): string[] {
  return Array.from(text.slice(0, 20_000).matchAll(/(?:"[^"\n]*"|[^;\n])+/g), ([part]) => part.trim()).filter(
    (part) => part !== '',
  )
}

function impossible(step: RevisionStep, left: number[]): string | null {
  const known = `the plan has ${left.length === 1 ? 'task' : 'the tasks'} ${left.join(', ')}`
  const named = step.kind === 'drop' || step.kind === 'order' ? step.tasks : step.kind === 'agent' ? [step.task] : []
  const unknown = named.filter((id) => !left.includes(id))
  if (unknown.length > 0) return `There is no task ${unknown.join(', ')}: ${known}.`
  if (step.kind !== 'drop' || left.some((id) => !step.tasks.includes(id))) return null
  return 'Dropping these leaves nothing to do: /reject ends the update.'
}

function added(revisions: Revisions, step: RevisionStep): Revisions {
  const more = <T>(list: T[], items: T[]) => [...new Set([...list, ...items])]
  switch (step.kind) {
    case 'drop':
      return { ...revisions, drop: more(revisions.drop, step.tasks) }
    case 'order':
      return { ...revisions, order: step.tasks }
    case 'exclude':
      return { ...revisions, exclude: more(revisions.exclude, step.globs) }
    case 'agent': {
      const others = revisions.agents.filter(({ task }) => task !== step.task)
      return { ...revisions, agents: [...others, { task: step.task, agent: step.agent }] }
    }
    case 'check':
      return { ...revisions, checks: more(revisions.checks, [step.name]) }
    case 'probe':
      return { ...revisions, probes: more(revisions.probes, [step.url]) }
  }
}

function noteOf(step: RevisionStep, plan: Plan): string {
  switch (step.kind) {
    case 'drop':
      return `Dropped: ${step.tasks.map((id) => `task ${id} (${plan.tasks.find((task) => task.id === id)?.title ?? ''})`).join(', ')}.`
    case 'order':
      return `The order begins with task ${step.tasks.join(', ')}.`
    case 'exclude':
      return `Nothing changes under ${step.globs.join(', ')}.`
    case 'agent':
      return `Task ${step.task} is done by ${step.agent}.`
    case 'check':
      return `Both rounds wait for the check ${step.name}.`
    case 'probe':
      return `${step.url} is probed after the deployment.`
  }
}

function unclear(message: string): Finding {
  return {
    gate: 'plan',
    severity: 'error',
    rule: 'revision-unclear',
    message: oneLine(message, 300),
    remedy: howToRevise,
  }
}
