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
  const request = plainRequest.defaults({ baseUrl: settings.apiUrl, headers: { 'user-agent': settings.userAgent } })
  const auth = { appId: settings.appId, privateKey: settings.privateKey, request }
  const authenticate = createAppAuth(auth)
  const paces = new Map<number, Pace>()
  const connections = new Map<string, RepositoryConnection>()
  const paceOf = (installation: number) => {
    const known = paces.get(installation) ?? createPace()
    paces.set(installation, known)
    return known
  }
  const base = { baseUrl: settings.apiUrl, userAgent: settings.userAgent }
  return {
    asApp: new Octokit({ ...base, authStrategy: createAppAuth, auth }),
    connect(installation, name) {
      const key = `${installation}:${name}`
      const known = connections.get(key)
      if (known) return known
      const [owner = '', repo = ''] = name.split('/')
      const installationAuth = () =>
        authenticate({ type: 'installation', installationId: installation, repositoryNames: [repo] })
      const limits: { last: RateLimit } = { last: null }
      const octokit = new Octokit(base)
      pace(octokit, paceOf(installation), limits, settings.timeoutMs)
      octokit.hook.before('request', async (options) => {
        options.headers.authorization = `token ${(await installationAuth()).token}`
      })
      const made: RepositoryConnection = {
        octokit,
        owner,
        repo,
        token: async () => (await installationAuth()).token,
        permissions: async () => (await installationAuth()).permissions,
        rateLimit: () => limits.last,
      }
      connections.set(key, made)
      return made
    },
  }
}

/** Installs the pace, the time-out and the memory of the rate limit around every request. */
function pace(octokit: Octokit, rhythm: Pace, limits: { last: RateLimit }, timeoutMs: number): void {
  octokit.hook.wrap('request', async (request, options) => {
    await rhythm.beforeRequest()
    if (options.method !== 'GET' && options.method !== 'HEAD') await rhythm.beforeWrite()
    options.request = { ...options.request, signal: AbortSignal.timeout(timeoutMs) }
    try {
      const response = await request(options)
      limits.last = limitOf(response.headers) ?? limits.last
      return response
    } catch (error) {
      if (error instanceof RequestError && error.response) {
        limits.last = limitOf(error.response.headers) ?? limits.last
        const until = pauseAfter(error.status, error.response.headers, Date.now())
        if (until !== null) rhythm.pauseUntil(until)
      }
      throw error
    }
  })
}

type Headers = Record<string, string | number | undefined>

function limitOf(headers: Headers): RateLimit {
  const [remaining, limit, reset] = ['remaining', 'limit', 'reset'].map((part) => headers[`x-ratelimit-${part}`])
  if (remaining === undefined || limit === undefined || reset === undefined) return null
  return { remaining: Number(remaining), limit: Number(limit), reset: Number(reset) }
}

/**
 * Until when GitHub asks for silence, epoch ms: `retry-after` seconds, else the reset of a limit that is used up
 * (docs.github.com, "Best practices for using the REST API": handle rate limit errors appropriately).
 */
export function pauseAfter(status: number, headers: Headers, now: number): number | null {
  if (status !== 403 && status !== 429) return null
  const after = headers['retry-after']
  if (after !== undefined) return now + Number(after) * 1000
  const limit = limitOf(headers)
  if (limit && limit.remaining === 0) return limit.reset * 1000
  return null
}
