import type { Finding, TaskSource } from '../model.ts'
import type { AgentSkill } from './facts.ts'

/**
 * The agent that does a task: the one that a revision asks for, else the first that accepts it. Answers the finding when there
 * is none; it names the recipes or agents that are known.
 */
export function agentFor(
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
    return fault(
      'agent-missing',
      message,
      able.length === 0 ? addAgent(source) : `Agents that can: ${list(able)}.`,
      task.line,
    )
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

function fault(rule: Finding['rule'], message: string, remedy: string, line: number): Finding {
  return { gate: 'plan', severity: 'error', rule, message, remedy, line }
}
