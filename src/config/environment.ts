import { z } from 'zod'
import { agentEnvironment, type AgentEnvironment } from './agent-environment.ts'
import { Duration, Size } from './units.ts'

/** One thing wrong with a variable of the environment. The value is never repeated: it may be a secret. */
export type EnvironmentFault = { name: string; message: string; remedy: string }

export type Credentials = {
  appId: number
  /** The PEM itself, or where it lies; reading it is the caller's. */
  privateKey: { pem: string } | { path: string }
  webhookSecret: string
}

export type Environment = {
  /** `null` when none of them is set: then there is only the set-up page. */
  credentials: Credentials | null
  github: { server: string; api: string }
  webhookProxy: string | null
  host: string
  port: number
  database: string | null
  /** The directory of all state. */
  data: string
  /** Where people reach the status page, for links in messages. */
  publicUrl: string | null
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
  /** In ms: `poll` of waits for GitHub, the first `backoff` of a retried step, the time-out of a `request`. */
  timing: { poll: number; backoff: number; request: number }
  /** What all processes of one sandboxed command may use together, in bytes; what is left out has its default there. */
  sandbox: { total?: number; disk?: number; processes?: number }
  agents: AgentEnvironment
  /** What each repository may use in a day; `null` is without end. */
  quota: { updates: number | null; tokens: number | null; usd: number | null }
}

export type ParsedEnvironment = { ok: true; environment: Environment } | { ok: false; faults: EnvironmentFault[] }

const Address = z.string().regex(/^https?:\/\/[^\s/?#@]+\/*$/, {
  error: 'must be an address without a path, such as https://github.example.com',
})

const Count = z.string().regex(/^\d{1,12}$/, { error: 'must be a whole number' })

const Variables = z.object({
  APP_ID: z.string().regex(/^\d{1,15}$/, { error: 'must be the number that GitHub shows on the page of the app' }),
  PRIVATE_KEY: z.string().regex(/-----BEGIN [A-Z ]*PRIVATE KEY-----/, { error: 'must be a private key as PEM' }),
  PRIVATE_KEY_PATH: z.string(),
  WEBHOOK_SECRET: z.string(),
  WEBHOOK_PROXY_URL: z.string().regex(/^https?:\/\/\S+$/, { error: 'must be the address of a smee channel' }),
  PORT: z.string().regex(/^\d{1,5}$/, { error: 'must be a port, 0 to 65535' }),
  HOST: z.string(),
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, { error: 'must start with postgres://' }),
  PAWL_DATA: z.string(),
  PAWL_URL: z.string().regex(/^https?:\/\/[^\s?#]+$/, { error: 'must be the address of the status page' }),
  GITHUB_SERVER_URL: Address,
  GHE_HOST: z.string().regex(/^[A-Za-z0-9.-]+(:\d{1,5})?$/, { error: 'must be a host, such as github.example.com' }),
  GHE_PROTOCOL: z.enum(['http', 'https'], { error: 'must be http or https' }),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    error: 'must be one of trace, debug, info, warn, error, fatal, silent',
  }),
  PAWL_POLL: Duration,
  PAWL_BACKOFF: Duration,
  PAWL_REQUEST_TIMEOUT: Duration,
  PAWL_SANDBOX_MEMORY: Size,
  PAWL_SANDBOX_DISK: Size,
  PAWL_SANDBOX_PROCESSES: z.string().regex(/^[1-9]\d{1,5}$/, { error: 'must be a number of processes, 10 or more' }),
  PAWL_DAILY_UPDATES: Count,
  PAWL_DAILY_TOKENS: Count,
  PAWL_DAILY_USD: z.string().regex(/^\d{1,9}(\.\d{1,4})?$/, { error: 'must be an amount such as 20 or 2.50' }),
})
type Variables = z.output<typeof Variables>
type GivenVariables = z.output<ReturnType<typeof Variables.partial>>

/** Reads the environment, an empty variable being one not set: all of it, or every fault. */
export function parseEnvironment(env: Readonly<Record<string, string | undefined>>): ParsedEnvironment {
  const names = Object.keys(Variables.shape)
  const given = Object.fromEntries(names.flatMap((name) => (env[name]?.trim() ? [[name, env[name].trim()]] : [])))
  const parsed = Variables.partial().safeParse(given)
  if (!parsed.success) {
    return {
      ok: false,
      faults: parsed.error.issues.map(({ path, message }) => {
        return { name: String(path[0]), message, remedy: 'correct it in .env or where the service is started' }
      }),
    }
  }
  const variables = parsed.data
  const { agents, faults: agentFaults } = agentEnvironment(env)
  const faults = [...credentialFaults(variables), ...serverFaults(variables), ...agentFaults]
  if (Number(variables.PORT ?? 0) > 65_535) {
    faults.push({ name: 'PORT', message: 'must be a port, 0 to 65535', remedy: 'write a smaller number' })
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, environment: environmentOf(variables, agents) }
}

function environmentOf(variables: GivenVariables, agents: AgentEnvironment): Environment {
  return {
    credentials: credentialsOf(variables),
    github: serverOf(variables),
    webhookProxy: variables.WEBHOOK_PROXY_URL ?? null,
    host: variables.HOST ?? 'localhost',
    port: Number(variables.PORT ?? 3000),
    database: variables.DATABASE_URL ?? null,
    data: variables.PAWL_DATA ?? '.pawl',
    publicUrl: variables.PAWL_URL?.replace(/\/+$/, '') ?? null,
    logLevel: variables.LOG_LEVEL ?? 'info',
    timing: {
      poll: variables.PAWL_POLL ?? 300_000,
      backoff: variables.PAWL_BACKOFF ?? 2_000,
      request: variables.PAWL_REQUEST_TIMEOUT ?? 10_000,
    },
    sandbox: sandboxOf(variables),
    agents,
    quota: {
      updates: numberOf(variables.PAWL_DAILY_UPDATES),
      tokens: numberOf(variables.PAWL_DAILY_TOKENS),
      usd: numberOf(variables.PAWL_DAILY_USD),
    },
  }
}

function sandboxOf(variables: GivenVariables): Environment['sandbox'] {
  const { PAWL_SANDBOX_MEMORY: total, PAWL_SANDBOX_DISK: disk, PAWL_SANDBOX_PROCESSES: processes } = variables
  return {
    ...(total === undefined ? {} : { total }),
    ...(disk === undefined ? {} : { disk }),
    ...(processes === undefined ? {} : { processes: Number(processes) }),
  }
}
const numberOf = (text: string | undefined) => (text === undefined ? null : Number(text))

function credentialsOf({ APP_ID, PRIVATE_KEY, PRIVATE_KEY_PATH, WEBHOOK_SECRET }: GivenVariables): Credentials | null {
  if (APP_ID === undefined || WEBHOOK_SECRET === undefined) return null
  // Many places that hold variables cannot hold line ends; they are then written \n.
  if (PRIVATE_KEY !== undefined) {
    const pem = PRIVATE_KEY.replaceAll('\\n', '\n')
    return { appId: Number(APP_ID), privateKey: { pem }, webhookSecret: WEBHOOK_SECRET }
  }
  if (PRIVATE_KEY_PATH === undefined) return null
  return { appId: Number(APP_ID), privateKey: { path: PRIVATE_KEY_PATH }, webhookSecret: WEBHOOK_SECRET }
}

function credentialFaults(variables: GivenVariables): EnvironmentFault[] {
  const key = variables.PRIVATE_KEY ?? variables.PRIVATE_KEY_PATH
  const parts = [
    { name: 'APP_ID', given: variables.APP_ID !== undefined, where: 'the page of the app on GitHub shows it' },
    {
      name: 'PRIVATE_KEY',
      given: key !== undefined,
      where: 'generate one on the page of the app; PRIVATE_KEY_PATH does too',
    },
    {
      name: 'WEBHOOK_SECRET',
      given: variables.WEBHOOK_SECRET !== undefined,
      where: 'set the same secret on the page of the app',
    },
  ]
  const faults = parts
    .filter((part) => !part.given && parts.some((other) => other.given))
    .map(({ name, where }) => ({ name, message: 'is missing, while other credentials are set', remedy: where }))
  if (variables.PRIVATE_KEY !== undefined && variables.PRIVATE_KEY_PATH !== undefined) {
    faults.push({ name: 'PRIVATE_KEY', message: 'is set beside PRIVATE_KEY_PATH', remedy: 'keep one of the two' })
  }
  return faults
}

function serverFaults(variables: GivenVariables): EnvironmentFault[] {
  const { GITHUB_SERVER_URL: url, GHE_HOST: host, GHE_PROTOCOL: protocol = 'https' } = variables
  if (host === undefined && variables.GHE_PROTOCOL !== undefined) {
    return [
      { name: 'GHE_PROTOCOL', message: 'means nothing without GHE_HOST', remedy: 'set GHE_HOST, or leave it out' },
    ]
  }
  if (url === undefined || host === undefined || url.replace(/\/+$/, '') === `${protocol}://${host}`) return []
  return [{ name: 'GHE_HOST', message: 'names another server than GITHUB_SERVER_URL', remedy: 'keep one of the two' }]
}

/** GitHub's own API has a host of its own, every other server's lies below it: docs.github.com, "Using the REST API". */
function serverOf({ GITHUB_SERVER_URL, GHE_HOST, GHE_PROTOCOL = 'https' }: GivenVariables): Environment['github'] {
  const server = (GHE_HOST === undefined ? GITHUB_SERVER_URL : `${GHE_PROTOCOL}://${GHE_HOST}`) ?? 'https://github.com'
  const bare = server.replace(/\/+$/, '')
  return { server: bare, api: bare === 'https://github.com' ? 'https://api.github.com' : `${bare}/api/v3` }
}
