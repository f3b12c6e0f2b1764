import type { Finding, TaskSource } from '../model.ts'
import type { AgentSkill, ParsedRequest, RequestText } from './facts.ts'
import { scopeOfPaths } from './proposed-scope.ts'
import { parseRequest } from './request.ts'
import { noRevisions, type Revisions } from './revision.ts'
import { draftTasks, questionsAbout, type Drafted } from './tasks.ts'
import { oneLine, showHidden } from './visible.ts'

/** A task that a model proposes in the place of a request's words. `recipe` names one that does all of it. */
export type ProposedTask = { title: string; text: string; recipe: string | null; paths: string[] }

/** A proposed task that the rules accept; `scope` are globs of what it may touch. */
type AcceptedTask = { title: string; source: TaskSource; scope?: string[] }

/** What was asked of a model planner, once for a text: its tasks, or why there are none. They mean the same in every revision. */
export type Proposed = {
  /** Digest of the text that it was asked about. */
  text: string
  tasks: AcceptedTask[] | null
  notes: Finding[]
  /** How often it was asked for this update by then. */
  times: number
}

/** A request with its tasks, and what it leaves open. */
export type Outlined = Drafted & { parsed: ParsedRequest }

/** Whether there is anything for a model to plan: words, in a request in which the rules find no fault. */
export function wantsModel({ sources, questions }: ParsedRequest): boolean {
  return questions.length === 0 && sources.some(({ source }) => source.kind === 'words')
}

/**
 * Holds what a model proposed against the rules: all of its tasks, or a text that says why none. `paths` are those of the base
 * tree. No revision is looked at, so that the tasks stay what they are whatever people ask of them afterwards.
 */
export function judgeProposal(
  text: RequestText,
  tasks: ProposedTask[],
  agents: AgentSkill[],
  paths: string[],
): AcceptedTask[] | string {
  if (tasks.length === 0) return 'it proposed no task'
  const accepted: AcceptedTask[] = []
  for (const { title, text: words, recipe, paths: named } of tasks) {
    const scope = scopeOfPaths(named, paths)
    if (typeof scope === 'string') return scope
    const source: TaskSource =
      recipe === null
        ? { kind: 'words', text: showHidden(words), trust: text.trust }
        : { kind: 'recipe', recipe: oneLine(recipe, 50) }
    const task = { title: oneLine(title, 100), source }
    accepted.push(recipe === null && scope.length > 0 ? { ...task, scope } : task)
  }
  const [fault] = draftTasks(withProposed(parseRequest(text), accepted), agents, noRevisions).questions
  return fault === undefined ? accepted : fault.message
}

/**
 * Reads a request and makes its tasks by rules, with the proposed ones in the place of its words. `paths` are those of the base
 * tree; without them it is not asked what the drafts leave open about it.
 */
export function outline(
  text: RequestText,
  proposed: Proposed | null,
  agents: AgentSkill[],
  revisions: Revisions,
  paths: string[] | null,
): Outlined {
  const read = parseRequest(text)
  const parsed = proposed?.tasks && wantsModel(read) ? withProposed(read, proposed.tasks) : read
  const { drafts, questions } = draftTasks(parsed, agents, revisions)
  return {
    parsed: { ...parsed, notes: [...parsed.notes, ...(proposed?.notes ?? [])] },
    drafts,
    questions: [...parsed.questions, ...questions, ...(paths === null ? [] : questionsAbout(drafts, paths, agents))],
  }
}

/** The proposed tasks stand where the first words stood, and no words beside them; what is ready stays as it is. */
function withProposed(parsed: ParsedRequest, tasks: AcceptedTask[]): ParsedRequest {
  const first = parsed.sources.findIndex(({ source }) => source.kind === 'words')
  const words = parsed.sources[first]
  // Nobody may be believed further because a model has put it otherwise.
  const trust = words?.source.kind === 'words' ? words.source.trust : 'outsider'
  const made = tasks.map(({ source, ...task }) => {
    return { ...task, source: source.kind === 'words' ? { ...source, trust } : source, line: words?.line ?? 1 }
  })
  const ready = (sources: ParsedRequest['sources']) => sources.filter(({ source }) => source.kind !== 'words')
  return {
    ...parsed,
    sources: [...ready(parsed.sources.slice(0, first)), ...made, ...ready(parsed.sources.slice(first))],
  }
}
