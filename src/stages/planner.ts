import type { AgentContext } from '../agents/agent.ts'
import { createAgents, refuseToApply } from '../agents/choose.ts'
import { proposeTasks, readFreeRevision } from '../agents/planner.ts'
import type { PlannerSetting } from '../config/models.ts'
import type { Finding, Plan, Trust, UpdateRequest } from '../model.ts'
import { digestOf } from '../planning/digest.ts'
import type { RequestText } from '../planning/facts.ts'
import { judgeProposal, outline, wantsModel, type Outlined, type Proposed } from '../planning/proposed.ts'
import { withoutUnseenDefinitions } from '../planning/definitions.ts'
import { parseRequest } from '../planning/request.ts'
import { parseRevision, type Revised } from '../planning/revise.ts'
import { forOtherTasks, type Revisions } from '../planning/revision.ts'
import type { Place } from './change.ts'
import { sha256 } from './hash.ts'
import type { Services } from './services.ts'

type Tools = Pick<Services, 'operator' | 'log'>

/** A model that has asked so often must make do with what people said. */
const MOST_ANSWERS = 3

/** Whoever may edit an issue could otherwise spend as much as they like. */
const MOST_TIMES = 10

/** Models stop by themselves at the end of their budget; this bounds one that does not. */
const LONGEST_MS = 60 * 60_000

/** What a model was asked, and what came of it; `questions` stand in the way of a plan. */
export type AskedPlanner = { proposed: Proposed; questions: Finding[]; told: { model: string; spent: string } | null }

/** What may be spent: why nothing may, where that is so, and who counts. */
export type Purse = { empty: string | null; spend: AgentContext['spend'] }

const OPEN: Purse = { empty: null, spend: () => {} }

const textDigest = ({ title, body, answers }: RequestText) => digestOf({ title, body, answers }, sha256)

/**
 * Asks the model planner, where one is configured and the request has words to plan. `known` is what was asked before: the
 * same text is asked about once, so that tasks mean the same in every revision. A model that fails leaves the plan to the
 * rules, with a notice.
 */
export async function askPlanner(
  { operator, log }: Tools,
  { git, config }: Place,
  request: UpdateRequest,
  base: string,
  known: Proposed | null,
  purse: Purse = OPEN,
): Promise<AskedPlanner | null> {
  const { planner } = config
  const text = textDigest(request)
  if (planner.use !== 'model' || !wantsModel(parseRequest(request))) return null
  if (known?.text === text) return { proposed: known, questions: [], told: null }
  if (purse.empty !== null) {
    const notes = [failedNote(planner, purse.empty, 'nothing')]
    return { proposed: { text, tasks: null, notes, times: known?.times ?? 0 }, questions: [], told: null }
  }
  const times = (known?.times ?? 0) + 1
  if (times > MOST_TIMES) {
    const enough = failedNote(planner, `it was asked ${MOST_TIMES} times for this update`, 'nothing more')
    return { proposed: { text, tasks: null, notes: [enough], times }, questions: [], told: null }
  }
  const { title, body, answers, trust, codename } = request
  const about = {
    title: { text: title, trust },
    body: { text: withoutUnseenDefinitions(body), trust },
    answers: answers.map((answer) => ({ text: withoutUnseenDefinitions(answer), trust })),
    recipes: config.agents.flatMap((agent) => (agent.use === 'recipe' ? [agent.name] : [])),
  }
  const signal = AbortSignal.timeout(LONGEST_MS)
  const answer = await git.workspace(base, ({ dir }) =>
    proposeTasks(planner, operator, about, dir, signal, purse.spend),
  )
  const { spent } = answer
  const told = { model: planner.model, spent }
  log.info({ codename, ...told, ok: answer.ok }, 'the planner’s model was asked')
  const rulesPlan = (why: string): AskedPlanner => {
    return { proposed: { text, tasks: null, notes: [failedNote(planner, why, spent)], times }, questions: [], told }
  }
  if (!answer.ok) return rulesPlan(answer.why)
  const { questions, tasks } = answer.value
  if (questions.length > 0 && answers.length < MOST_ANSWERS) {
    return { proposed: { text, tasks: null, notes: [], times }, questions: questions.map(asked), told }
  }
  if (questions.length > 0) return rulesPlan('it asked again and again')
  const { agents } = createAgents(config.agents, refuseToApply, operator)
  const judged = judgeProposal(request, tasks, agents, await git.paths(base))
  if (typeof judged === 'string') return rulesPlan(`what it proposed was refused: ${judged}`)
  return { proposed: { text, tasks: judged, notes: [plannedNote(planner, spent)], times }, questions: [], told }
}

/** The tasks of a request with what its model planner proposed for this very text, as every stage must see them. */
export function outlineOf(
  { operator }: Tools,
  { config }: Pick<Place, 'config'>,
  request: UpdateRequest,
  proposed: Proposed | null,
  revisions: Revisions,
  paths: string[] | null,
): Outlined {
  const { agents } = createAgents(config.agents, refuseToApply, operator)
  const fitting = proposed?.text === textDigest(request) && config.planner.use === 'model' ? proposed : null
  return outline(request, fitting, agents, revisions, paths)
}

/**
 * What `/revise` asks for: read by the rules, or, where these cannot and a model planner is there, read by it and then by the rules.
 * `commands` are what free words were read as; empty where no command says it and the planner plans its tasks anew with the words.
 */
export type ReadRevision = Revised & { commands?: string }

/** A plan that waits, with what it was made of. */
type Revisable = { plan: Plan; request: UpdateRequest; revisions: Revisions; proposed: Proposed | null }

export async function readRevisionText(
  { operator, log }: Tools,
  { config }: Pick<Place, 'config'>,
  text: string,
  { plan, request, revisions: earlier, proposed }: Revisable,
  trust: Trust,
): Promise<ReadRevision> {
  const byRules = parseRevision(text, plan, earlier)
  const { planner } = config
  if (byRules.ok || !byRules.free || planner.use !== 'model') return byRules
  const tasks = plan.tasks.map(({ id, title, agent, changes, mayTouch }) => {
    const paths = [...changes.map(({ path }) => path), ...mayTouch].slice(0, 50)
    return `${id}. ${title} (by ${agent}): ${paths.join(', ')}`
  })
  const { agents } = createAgents(config.agents, refuseToApply, operator)
  const answer = await readFreeRevision(
    planner,
    operator,
    { text, trust },
    { text: tasks.join('\n'), trust: 'repository' },
    agents.map(({ name }) => name),
    AbortSignal.timeout(LONGEST_MS),
  )
  log.info({ codename: plan.codename, model: planner.model, spent: answer.spent, ok: answer.ok }, 'a revision was read')
  const refused = (why: string): ReadRevision => {
    return { ...byRules, findings: byRules.findings.map((one) => ({ ...one, message: `${one.message} ${why}` })) }
  }
  if (!answer.ok) return refused(`The planner’s model could not read it either: ${answer.why}.`)
  const { commands, cannot } = answer.value
  const isSaid = cannot === null || cannot.trim() === ''
  if (!isSaid && isPlannedByModel(request, proposed)) {
    return { ok: true, revisions: forOtherTasks(earlier), notes: [], commands: '' }
  }
  if (!isSaid) return refused(`The planner’s model has no command for: ${cannot}`)
  const read = parseRevision(commands.join('\n'), plan, earlier)
  return read.ok ? { ...read, commands: commands.join('; ') } : read
}

/** Tasks that a model made of this very text it can make anew. */
function isPlannedByModel(request: UpdateRequest, proposed: Proposed | null): boolean {
  return proposed !== null && proposed.tasks !== null && proposed.text === textDigest(request)
}

function asked(message: string): Finding {
  const remedy = 'Answer in a comment, or edit the issue; a model asks this for the planner.'
  return { gate: 'plan', severity: 'error', rule: 'information-missing', message, remedy }
}

function plannedNote({ model }: PlannerSetting, spent: string): Finding {
  const message = `A model (${model}) made the tasks out of the words of the issue; the rules hold for them as for any other.`
  return { gate: 'plan', severity: 'info', rule: 'planner-model', message, remedy: `Spent: ${spent}.` }
}

function failedNote({ model }: PlannerSetting, why: string, spent: string): Finding {
  const message = `The planner’s model (${model}) gave no plan: ${why}. This plan is that of the rules.`
  return { gate: 'plan', severity: 'warning', rule: 'planner-model', message, remedy: `Spent: ${spent}.` }
}
