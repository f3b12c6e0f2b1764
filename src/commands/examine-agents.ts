import { createAgents, missingReviewer, refuseToApply } from '../agents/choose.ts'
import type { AgentEnvironment } from '../config/agent-environment.ts'
import { parseConfig } from '../config/parse.ts'
import { readGiven } from './given-file.ts'

type Examined = { name: string; ok: boolean; detail: string; remedy: string }

/** What the operator lends to agents, and whether those of a `pawl.yml` can work here; `file` names one. */
export async function examineAgents(operator: AgentEnvironment, file: string | undefined): Promise<Examined[]> {
  const unset = operator.keys.filter(({ value }) => value === null).map(({ name }) => name)
  const lent = operator.keys.map(({ name, origin }) => `${name} for ${origin}`)
  const keyed = Object.entries(operator.servers).flatMap(([name, { api, key }]) =>
    key !== null || api === 'compatible' ? [name] : [],
  )
  const keys: Examined =
    unset.length === 0
      ? {
          name: 'keys of agents',
          ok: true,
          detail: `models: ${keyed.join(', ') || 'none'}; commands: ${lent.join(', ') || 'none'}`,
          remedy: '',
        }
      : {
          name: 'keys of agents',
          ok: false,
          detail: `PAWL_AGENT_ENV names what is not set: ${[...new Set(unset)].join(', ')}`,
          remedy: 'Set them in .env or where the service is started, or take them out of PAWL_AGENT_ENV.',
        }
  return file === undefined ? [keys] : [keys, ...examineConfigured(operator, file, await readGiven(file))]
}

function examineConfigured(operator: AgentEnvironment, file: string, text: string): Examined[] {
  const parsed = parseConfig(text)
  if (!parsed.ok) {
    return parsed.faults.map(({ line, path, message, remedy }) => {
      return { name: 'configuration', ok: false, detail: `${file}:${line}: ${path}: ${message}`, remedy }
    })
  }
  const { agents: settings, validation } = parsed.config
  const { agents, missing } = createAgents(settings, refuseToApply, operator)
  const lacking = [...missing, ...missingReviewer(validation.review, operator.servers)]
  return [
    ...agents.map(({ name }) => ({ name: `agent ${name}`, ok: true, detail: 'can work here', remedy: '' })),
    ...lacking.map(({ name, reason, remedy }) => ({ name: `agent ${name}`, ok: false, detail: reason, remedy })),
  ]
}
