import type { Agent, AgentContext, AgentTask, Retry } from '../agents/agent.ts'
import { createAgents } from '../agents/choose.ts'
import type { Config } from '../config.ts'
import type { RepositoryGit } from '../git/repository.ts'
import type { Finding, MeasuredFile, Task, UpdateRequest } from '../model.ts'
import { withoutSecrets } from '../model/secrets.ts'
import { withoutUnseenDefinitions } from '../planning/definitions.ts'
import type { Staged } from './order.ts'
import type { Services } from './services.ts'

/** The part of a task that its agent and the measure of its change need; a draft has it before there is a plan. */
export type Wanted = Pick<Task, 'id' | 'title' | 'agent' | 'source' | 'excluded'> & {
  paths: string[] | null
  /** Of a task of a plan; a draft does not know it yet. */
  mayTouch?: string[]
}

/** `said` is the agent's own account of what it did, with what it spent: a text of others. */
export type Change = { tree: string; files: MeasuredFile[]; diff: string; said: string }

/** A change, why there is none, or how long to wait for somebody who makes it outside, ms. */
export type Made = Staged<Change> | { ok: false; findings: Finding[]; withinMs: number }

type Lent = Pick<Services, 'sandbox' | 'operator' | 'log'>

/** Where a change is made: the repository, with the configuration of the base. */
export type Place = { git: RepositoryGit; config: Config }

/** Agents stop by themselves at their own time-outs; this bounds one that does not. */
const LONGEST_MS = 60 * 60_000

/**
 * Lets a task's agent change the files of a commit or tree in a workspace, and measures what it did. The agent hands over
 * nothing: tree, files and diff are the host's own.
 */
export async function makeChange(
  services: Lent,
  place: Place,
  request: UpdateRequest,
  wanted: Wanted,
  from: string,
  retry: Retry | null = null,
  spend: AgentContext['spend'] = () => {},
): Promise<Made> {
  return place.git.workspace(from, async (workspace) => {
    const { agents } = createAgents(place.config.agents, (_dir, diff) => workspace.apply(diff), services.operator)
    const agent = agents.find(({ name }) => name === wanted.agent)
    if (!agent)
      return failed('agent-missing', missing(wanted.agent), 'Add it to agents in .github/pawl.yml, or /revise.')
    const context = contextOf(services, request, workspace.dir, spend)
    const result = await agent.change(taskOf(request, wanted), retry, context)
    if (result.state === 'failed')
      return failed(ruleFor(agent, wanted), withoutSecrets(`${prefix(wanted)}${result.reason}`), result.remedy)
    if (result.state === 'questions') {
      return {
        ok: false,
        findings: result.questions.map((message) => finding('agent-questions', withoutSecrets(message))),
      }
    }
    if (result.state === 'waiting') return { ok: false, findings: [], withinMs: result.withinMs }
    const measured = await workspace.measure({ include: wanted.paths ?? [], exclude: wanted.excluded })
    if (measured.beyond !== null) {
      const why = `${prefix(wanted)}the change is too large: ${measured.beyond}.`
      return failed('change-too-large', why, 'Make a smaller change, or several.')
    }
    return { ok: true, value: { ...measured, said: withoutSecrets(result.summary) } }
  })
}

function contextOf(services: Lent, request: UpdateRequest, dir: string, spend: AgentContext['spend']): AgentContext {
  const signal = AbortSignal.timeout(LONGEST_MS)
  return {
    workspace: dir,
    signal,
    exec: (command, { timeoutMs = LONGEST_MS, ...options } = {}) =>
      services.sandbox.run(command, { workspace: dir, signal, timeoutMs, ...options }),
    progress: (text) => services.log.info({ codename: request.codename, progress: text }, 'an agent reports'),
    spend(use) {
      services.log.info({ codename: request.codename, ...use }, 'a model was asked')
      spend(use)
    },
  }
}

function taskOf(request: UpdateRequest, wanted: Wanted): AgentTask {
  const { codename, title, body, trust } = request
  const text = { title: { text: title, trust }, body: { text: withoutUnseenDefinitions(body), trust } }
  const { id, title: wantedTitle, source, mayTouch = [], excluded } = wanted
  return { codename, task: { id, title: wantedTitle, source }, ...text, mayTouch, excluded }
}

const prefix = (wanted: Wanted) => `Task ${wanted.id}: `
const missing = (name: string) => `No agent named ${name} is configured or available.`

/** A diff that does not apply is a fault of the request, and is asked about; all else is a failure of the agent. */
function ruleFor(agent: Agent, wanted: Wanted): Finding['rule'] {
  if (wanted.source.kind === 'recipe') return 'recipe-failed'
  return agent.exact ? 'patch-does-not-apply' : 'agent-failed'
}

function finding(rule: Finding['rule'], message: string, remedy?: string): Finding {
  return { gate: 'execution', severity: 'error', rule, message, ...(remedy === undefined ? {} : { remedy }) }
}

function failed(rule: Finding['rule'], message: string, remedy: string): { ok: false; findings: Finding[] } {
  return { ok: false, findings: [finding(rule, message, remedy)] }
}
