import { createAppAuth } from '@octokit/auth-app'
import { request as plainRequest } from '@octokit/request'
import { RequestError } from '@octokit/request-error'
import { Octokit } from '@octokit/rest'
import type { RepositoryName } from '../model.ts'
import { createPace, type Pace } from './pacing.ts'

export type GitHubSettings = {
  appId: number
  privateKey: string
  /** REST root, `https://api.github.com` or `<server>/api/v3`. */
  apiUrl: string
  userAgent: string
  /** A request that has no answer after this long is given up; the step that made it tries again. */
  timeoutMs: number
}

/** What is known of the hourly limit from the last answer; `null` before the first. */
export type RateLimit = { remaining: number; limit: number; reset: number } | null

/** An Octokit that acts in one repository for one installation, with a token that reaches nothing else. */
export type RepositoryConnection = {
  octokit: Octokit
  owner: string
  repo: string
  /** A valid token for git over HTTP; cached by the auth strategy until shortly before it expires. */
  token(): Promise<string>
  /** The installation's permissions as GitHub granted them, known from the token itself. */
  permissions(): Promise<Record<string, string>>
  rateLimit(): RateLimit
}

export type GitHubApp = { connect(installation: number, name: RepositoryName): RepositoryConnection; asApp: Octokit }

export function createGitHubApp(settings: GitHubSettings): GitHubApp {
  const timely = { fetch: fetchWithin(settings.timeoutMs) }
  const headers = { 'user-agent': settings.userAgent }
  const request = plainRequest.defaults({ baseUrl: settings.apiUrl, headers, request: timely })
  const auth = { appId: settings.appId, privateKey: settings.privateKey, request }
  const authenticate = createAppAuth(auth)
  const paces = new Map<number, Pace>()
  const connections = new Map<string, RepositoryConnection>()
  const paceOf = (installation: number) => {
    const known = paces.get(installation) ?? createPace()
    paces.set(installation, known)
    return known
  }
  const base = { baseUrl: settings.apiUrl, userAgent: settings.userAgent, request: timely, log: quiet }
  return {
    asApp: new Octokit({ ...base, authStrategy: createAppAuth, auth }),
    connect(installation, name) {
      const key = `${installation}:${name}`
      const known = connections.get(key)
      if (known) return known
      const [owner = '', repo = ''] = name.split('/')
      const state: Known = { limit: null, refused: false }
      const installationAuth = async () => {
        const refresh = state.refused
        state.refused = false
        return authenticate({ type: 'installation', installationId: installation, repositoryNames: [repo], refresh })
      }
      const octokit = new Octokit(base)
      octokit.hook.before('request', async (options) => {
        options.headers.authorization = `token ${(await installationAuth()).token}`
      })
      // Around the other hook: a token is taken when the request leaves, which may be long after it was wanted.
      pace(octokit, paceOf(installation), state)
      const made: RepositoryConnection = {
        octokit,
        owner,
        repo,
        token: async () => (await installationAuth()).token,
        permissions: async () => (await installationAuth()).permissions,
        rateLimit: () => state.limit,
      }
      connections.set(key, made)
      return made
    },
  }
}

const nothing = () => {}
/** Octokit would write every refusal to the console: ours are values, or errors that whoever asked writes to the log. */
const quiet = { debug: nothing, info: nothing, warn: nothing, error: nothing }

/** What the answers have told: the hourly limit, and that the token is not valid (any more) though it has not expired. */
type Known = { limit: RateLimit; refused: boolean }

/** Installs the pace and the memory of what was answered around every request. */
function pace(octokit: Octokit, rhythm: Pace, known: Known): void {
  octokit.hook.wrap('request', async (request, options) => {
    await rhythm.beforeRequest()
    if (options.method !== 'GET' && options.method !== 'HEAD') await rhythm.beforeWrite()
    try {
      const response = await request(options)
      known.limit = limitOf(response.headers) ?? known.limit
      return response
    } catch (error) {
      if (error instanceof RequestError && error.response) {
        known.limit = limitOf(error.response.headers) ?? known.limit
        known.refused ||= error.status === 401
        const until = pauseAfter(error.status, error.response.headers, error.message, Date.now())
        if (until !== null) rhythm.pauseUntil(until)
      }
      throw error
    }
  })
}

/** Every request has an end, those for tokens too. */
function fetchWithin(ms: number): typeof fetch {
  return (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(ms) })
}

type Headers = Record<string, string | number | undefined>

function limitOf(headers: Headers): RateLimit {
  const [remaining, limit, reset] = ['remaining', 'limit', 'reset'].map((part) => headers[`x-ratelimit-${part}`])
  if (remaining === undefined || limit === undefined || reset === undefined) return null
  return { remaining: Number(remaining), limit: Number(limit), reset: Number(reset) }
}

/** How long GitHub wants silence after a secondary limit when it names no time. */
const SILENCE_MS = 60_000

/**
 * Until when GitHub asks for silence, epoch ms: `retry-after` seconds, else the reset of a limit that is used up, else a
 * minute where a secondary limit was met; `null` when the refusal is none of a limit
 * (docs.github.com, "Best practices for using the REST API": handle rate limit errors appropriately).
 */
export function pauseAfter(status: number, headers: Headers, message: string, now: number): number | null {
  if (status !== 403 && status !== 429) return null
  const after = Number(headers['retry-after'] ?? Number.NaN)
  if (Number.isFinite(after)) return now + after * 1000
  const limit = limitOf(headers)
  if (limit && limit.remaining === 0 && Number.isFinite(limit.reset)) return limit.reset * 1000
  return status === 429 || /secondary rate limit/i.test(message) ? now + SILENCE_MS : null
}
