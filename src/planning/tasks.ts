import type { Finding } from '../model.ts'
import { agentFor } from './assign.ts'
import { contradictions } from './contradictions.ts'
import type { AgentSkill, ParsedRequest, TaskDraft } from './facts.ts'
import { anyGlob } from './globs.ts'
import { indexPaths } from './named-paths.ts'
import { inOrder, needsOf } from './order.ts'
import { ambiguousNames, namesNoFile, standsElsewhere, twinOfWritten } from './path-questions.ts'
import type { Revisions } from './revision.ts'
import { sourcePaths, withoutPaths } from './source-paths.ts'

/** Which agent does what, in which order, and what must be asked before that can be told. */
export type Drafted = { drafts: TaskDraft[]; questions: Finding[] }

/**
 * Makes a task of every source of a request: the first agent that accepts it takes it, unless a revision names another.
 * Dropped and wholly excluded tasks are left out and the others keep their ids. Ids in `needs` are of earlier drafts. The
 * questions are those of the drafting, without those of `parsed`.
 */
export function draftTasks(parsed: ParsedRequest, agents: AgentSkill[], revisions: Revisions): Drafted {
  const questions: Finding[] = []
  const dropped = new Set(revisions.drop)
  const isExcluded = anyGlob(revisions.exclude)
  const drafts: TaskDraft[] = []
  parsed.sources.forEach(({ source: written, title, line, scope }, at) => {
    const id = at + 1
    const source = dropped.has(id) ? null : withoutPaths(written, isExcluded)
    if (source === null) return
    const asked = revisions.agents.findLast((one) => one.task === id)?.agent ?? null
    const agent = agentFor(source, agents, asked, { id, line })
    if ('rule' in agent) questions.push(agent)
    else {
      const paths = sourcePaths(source)
      drafts.push({
        id,
        title,
        agent: agent.name,
        exact: agent.exact,
        source,
        needs: [],
        paths,
        excluded: revisions.exclude,
        ...(scope === undefined ? {} : { scope }),
      })
    }
  })
  if (drafts.length === 0 && questions.length === 0 && parsed.questions.length === 0)
    questions.push(nothingLeft(parsed.sources.length > 0))
  const ordered = inOrder(drafts, revisions.order)
  const needs = needsOf(ordered)
  questions.push(...contradictions(ordered))
  return { drafts: ordered.map((draft) => ({ ...draft, needs: needs.get(draft.id) ?? [] })), questions }
}

function nothingLeft(revised: boolean): Finding {
  const message = revised ? 'The revisions leave nothing to do.' : 'The request names nothing to do.'
  const remedy = revised
    ? 'Keep at least one task, or end the update with /reject.'
    : 'Say in the issue what to change.'
  return { gate: 'plan', severity: 'error', rule: 'nothing-to-change', message, remedy }
}

/**
 * What the drafts leave open about the base tree's `paths`: a name in prose that several files have, a diff of a file that
 * stands elsewhere, a whole file whose path differs from an existing one in case only; and where a person is to work.
 */
export function questionsAbout(drafts: TaskDraft[], paths: string[], agents: AgentSkill[]): Finding[] {
  const index = indexPaths(paths)
  const made = new Set<string>()
  return drafts.flatMap(({ id, agent, source, scope }) => {
    if (source.kind === 'words' && scope !== undefined) return []
    if (source.kind === 'words') {
      const unplaced = agents.some(({ name, needsPaths }) => name === agent && needsPaths === true)
      return [...ambiguousNames(id, source.text, index), ...(unplaced ? namesNoFile(id, source.text, index) : [])]
    }
    if (source.kind === 'files') return source.files.flatMap(({ path }) => twinOfWritten(id, path, index, made))
    return source.kind === 'diff' ? standsElsewhere(id, source.diff, index, made) : []
  })
}
