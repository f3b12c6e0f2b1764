import type { EnvironmentFault } from './environment.ts'

/** A server that has models, and the key for it. `url` is `null` for the provider's own address. */
export type ModelServer = { api: 'anthropic' | 'openai' | 'compatible'; url: string | null; key: string | null }

/** A key that command agents may use with one server only; `value` is `null` when the variable is not set. */
export type OperatorKey = { name: string; origin: string; value: string | null }

/** What the operator lends to agents. It stays in this process: no workspace and no child ever has it. */
export type AgentEnvironment = { keys: OperatorKey[]; servers: Record<string, ModelServer> }

type Given = Readonly<Record<string, string | undefined>>

/**
 * Reads `PAWL_AGENT_ENV`, such as `OPENAI_API_KEY@api.openai.com, LOCAL_KEY@http://127.0.0.1:8080`, and where models are served:
 * `ANTHROPIC_API_KEY` and `_BASE_URL`, `OPENAI_API_KEY` and `_BASE_URL`, and `PAWL_MODEL_<NAME>_URL` and `_KEY` for any server
 * that speaks OpenAI's protocol.
 */
export function agentEnvironment(env: Given): { agents: AgentEnvironment; faults: EnvironmentFault[] } {
  const faults: EnvironmentFault[] = []
  const keys = (env['PAWL_AGENT_ENV'] ?? '')
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .flatMap((part) => {
      const [, name, scheme = 'https', host] = /^([A-Za-z_]\w*)@(?:(https?):\/\/)?([^\s/?#@]+)\/?$/.exec(part) ?? []
      const address = `${scheme}://${host}`
      if (name !== undefined && host !== undefined && URL.canParse(address)) {
        return [{ name, origin: new URL(address).origin, value: text(env, name) }]
      }
      const message = 'must list variables with the server that each is for'
      faults.push({ name: 'PAWL_AGENT_ENV', message, remedy: 'write it as in OPENAI_API_KEY@api.openai.com' })
      return []
    })

  const servers: Record<string, ModelServer> = {
    anthropic: { api: 'anthropic', url: text(env, 'ANTHROPIC_BASE_URL'), key: text(env, 'ANTHROPIC_API_KEY') },
    openai: { api: 'openai', url: text(env, 'OPENAI_BASE_URL'), key: text(env, 'OPENAI_API_KEY') },
  }
  for (const variable of Object.keys(env)) {
    const name = /^PAWL_MODEL_([A-Z0-9_]+)_URL$/.exec(variable)?.[1]
    const url = text(env, variable)
    if (name === undefined || url === null) continue
    const key = text(env, `PAWL_MODEL_${name}_KEY`)
    servers[name.toLowerCase().replaceAll('_', '-')] = { api: 'compatible', url, key }
  }
  for (const [name, { url }] of Object.entries(servers)) {
    if (url === null || (/^https?:\/\//.test(url) && URL.canParse(url))) continue
    const message = `must be an address that starts with http:// or https:// (models of ${name})`
    faults.push({ name: variableOf(name), message, remedy: 'correct it in .env or where the service is started' })
  }
  return { agents: { keys, servers }, faults }
}

/** An empty variable is one that is not set. */
function text(env: Given, name: string): string | null {
  return env[name]?.trim() || null
}

function variableOf(server: string): string {
  if (server === 'anthropic' || server === 'openai') return `${server.toUpperCase()}_BASE_URL`
  return `PAWL_MODEL_${server.toUpperCase().replaceAll('-', '_')}_URL`
}
