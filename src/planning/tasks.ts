import type { Finding, TaskSource } from '../model.ts'
import { contradictions } from './contradictions.ts'
import type { AgentSkill, ParsedRequest, TaskDraft } from './facts.ts'
import { anyGlob } from './globs.ts'
import { inOrder, needsOf } from './order.ts'
import type { Revisions } from './revision.ts'
import { sourcePaths, withoutPaths } from './source-paths.ts'

/** Which agent does what, in which order, and what must be asked before that can be told. */
export type Drafted = { drafts: TaskDraft[]; questions: Finding[] }

/**
 * Makes a task of every source of a request: the first agent that accepts it takes it, unless a revision names another.
 * Dropped and wholly excluded tasks are left out and the others keep their ids. Ids in `needs` are of earlier drafts.
 */
export function draftTasks(parsed: ParsedRequest, agents: AgentSkill[], revisions: Revisions): Drafted {
  const questions: Finding[] = [...parsed.questions]
  const dropped = new Set(revisions.drop)
  const isExcluded = anyGlob(revisions.exclude)
  const drafts: TaskDraft[] = []
  parsed.sources.forEach(({ source: written, title, line }, at) => {
    const id = at + 1
    const source = dropped.has(id) ? null : withoutPaths(written, isExcluded)
    if (source === null) return
    const asked = revisions.agents.findLast((one) => one.task === id)?.agent ?? null
    const agent = agentFor(source, agents, asked, { id, line })
    if ('rule' in agent) questions.push(agent)
    else {
      const paths = sourcePaths(source)
      drafts.push({ id, title, agent: agent.name, exact: agent.exact, source, needs: [], paths, excluded: revisions.exclude })
    }
  })
  if (drafts.length === 0 && questions.length === 0) questions.push(nothingLeft(parsed.sources.length > 0))
  const ordered = inOrder(drafts, revisions.order)
  const needs = needsOf(ordered)
  questions.push(...contradictions(ordered))
  return { drafts: ordered.map((draft) => ({ ...draft, needs: needs.get(draft.id) ?? [] })), questions }
}

function agentFor(
  source: TaskSource,
  agents: AgentSkill[],
  asked: string | null,
  task: { id: number; line: number },
): AgentSkill | Finding {
  if (asked !== null) {
    const named = agents.find((agent) => agent.name === asked)
    if (named?.accepts({ source }) === true) return named
    const able = agents.filter((agent) => agent.accepts({ source })).map((agent) => agent.name)
    const message =
      named === undefined
        ? `Task ${task.id} is to be done by \`${asked}\`, and there is no agent of that name.`
        : `Task ${task.id} is to be done by \`${asked}\`, which does not take ${described(source)}.`
    return fault('agent-missing', message, able.length === 0 ? addAgent(source) : `Agents that can: ${list(able)}.`, task.line)
  }
  const first = agents.find((agent) => agent.accepts({ source }))
  if (first !== undefined) return first
  if (source.kind !== 'recipe') {
    const message = `Task ${task.id} is ${described(source)}, and none of the repository’s agents takes that.`
    return fault('agent-missing', message, addAgent(source), task.line)
  }
  const known = agents.map((agent) => agent.name).filter((name) => isRecipe(agents, name))
  const remedy =
    known.length === 0
      ? `No recipe is set up. Add { use: recipe, name: ${source.recipe}, run: […] } to agents in .github/pawl.yml.`
      : `Known recipes: ${list(known)}.`
  return fault('recipe-unknown', `There is no recipe \`${source.recipe}\`.`, remedy, task.line)
}

/** The name of a recipe's agent is the recipe's own. */
function isRecipe(agents: AgentSkill[], name: string): boolean {
  return agents.some((agent) => agent.name === name && agent.accepts({ source: { kind: 'recipe', recipe: name } }))
}

function described(source: TaskSource): string {
  return { diff: 'a diff', files: 'whole files', recipe: 'a recipe', words: 'described in words' }[source.kind]
}

function addAgent(source: TaskSource): string {
  if (source.kind === 'words') {
    return 'Write the change as a `diff` block or a whole file, or add an agent that takes words (model, command or human) to .github/pawl.yml.'
  }
  return 'Add { use: patch } to agents in .github/pawl.yml.'
}

function list(names: string[]): string {
  return names.map((name) => `\`${name}\``).join(', ')
}

function nothingLeft(revised: boolean): Finding {
  const message = revised ? 'The revisions leave nothing to do.' : 'The request names nothing to do.'
  const remedy = revised ? 'Keep at least one task, or end the update with /reject.' : 'Say in the issue what to change.'
  return { gate: 'plan', severity: 'error', rule: 'nothing-to-change', message, remedy }
}

function fault(rule: Finding['rule'], message: string, remedy: string, line: number): Finding {
  return { gate: 'plan', severity: 'error', rule, message, remedy, line }
}
