import { createAppAuth } from '@octokit/auth-app'
import { Octokit } from '@octokit/rest'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'

import type { AppSettings, JsonObject, Violation } from '../../src/local-github/contract.ts'
import { startLocalGitHub, type LocalGitHub } from '../../src/local-github/server.ts'

export const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})

export const APP: AppSettings = {
  id: 4711,
  slug: 'gardener',
  name: 'Gardener',
  publicKey: keys.publicKey,
  webhookSecret: 'a secret',
  permissions: {
    metadata: 'read',
    contents: 'write',
    issues: 'write',
    pull_requests: 'write',
    checks: 'write',
    statuses: 'write',
    deployments: 'write',
    actions: 'write',
    workflows: 'write',
    members: 'read',
    administration: 'read',
  },
  events: [
    'issues',
    'issue_comment',
    'label',
    'push',
    'pull_request',
    'pull_request_review',
    'check_suite',
    'check_run',
    'deployment_status',
  ],
}

export interface Received {
  event: string
  /** `issues.labeled`, `push` */
  name: string
  guid: string
  headers: IncomingHttpHeaders
  body: string
  payload: JsonObject
}

/** A server that takes webhooks and remembers them; `answer` may answer otherwise than 202. */
export async function receiveWebhooks(answer?: (received: Received, response: ServerResponse) => void) {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const payload = JSON.parse(body) as JsonObject
      const event = String(request.headers['x-github-event'])
      const name = typeof payload['action'] === 'string' ? `${event}.${payload['action']}` : event
      const guid = String(request.headers['x-github-delivery'])
      const one = { event, name, guid, headers: request.headers, body, payload }
      received.push(one)
      if (answer === undefined) response.writeHead(202).end('taken')
      else answer(one, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const close = () => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  }
  return { url: `http://127.0.0.1:${port}/hook`, received, close }
}

export interface Fixture {
  github: LocalGitHub
  data: string
  /** Speaks with the app's JWT. */
  app: Octokit
  /** Speaks with an installation token, all permissions. */
  installation: (installationId: number) => Octokit
  withToken: (token: string) => Octokit
  /** Speaks with a person's token; the person is made where missing. */
  person: (login: string) => Promise<Octokit>
}

// Refusals are expected here and would be logged.
export const log = { debug() {}, info() {}, warn() {}, error() {} }

export function clientsOf(github: LocalGitHub, data: string): Fixture {
  const baseUrl = github.apiUrl
  const auth = { appId: APP.id, privateKey: keys.privateKey }
  return {
    github,
    data,
    app: new Octokit({ baseUrl, log, authStrategy: createAppAuth, auth }),
    installation: (installationId) =>
      new Octokit({ baseUrl, log, authStrategy: createAppAuth, auth: { ...auth, installationId } }),
    withToken: (token) => new Octokit({ baseUrl, log, auth: token }),
    async person(login) {
      await github.addUser(login)
      return new Octokit({ baseUrl, log, auth: await github.personalToken(login) })
    },
  }
}

/** Runs a test against a fresh GitHub, and afterwards wants it to have seen nothing that GitHub's description forbids. */
export async function withGitHub(
  story: (fixture: Fixture) => Promise<void>,
  options: { webhookUrl?: string; expected?: Partial<Violation>[]; data?: string } = {},
): Promise<void> {
  const data = options.data ?? (await mkdtemp(join(tmpdir(), 'local-github-')))
  const github = await startLocalGitHub({ data, app: APP, webhookUrl: options.webhookUrl ?? null })
  try {
    await story(clientsOf(github, data))
    await github.idle()
    expect(github.violations()).toMatchObject(options.expected ?? [])
  } finally {
    await github.stop()
    if (options.data === undefined) await rm(data, { recursive: true, force: true })
  }
}

/** The refusal of a request that must fail. */
export async function refusal(request: Promise<unknown>): Promise<{ status: number; message: string }> {
  const outcome = await request.then(
    () => null,
    (error: unknown) => error,
  )
  if (!(outcome instanceof Error) || !('status' in outcome))
    throw new Error('the request was not refused', { cause: outcome })
  return { status: Number(outcome.status), message: outcome.message }
}
