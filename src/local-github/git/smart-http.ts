import { spawn } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'

import { relayAnswer } from './cgi.ts'
import type { CreateSmartHttp, GitRequest, Push, SmartHttpOptions } from './contract.ts'
import { cleanEnvironment, git, GitError } from './process.ts'
import { answerHooks, writeHooks } from './push-hooks.ts'
import { repositoryPath } from './repository.ts'

const gitUrl = /^\/([a-zA-Z\d][a-zA-Z\d-]*)\/([\w.-]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/

/** One request of git: what it wants, and where the program finds it. */
interface Transfer extends GitRequest {
  verb: string
  query: string
}

/** Serves the repositories below `root` over git's smart HTTP protocol, with `git http-backend` doing the work. */
export const createSmartHttp: CreateSmartHttp = async (options) => {
  const backend = join((await git(null, ['--exec-path'])).toString().trim(), 'git-http-backend')
  if (!(await isProgram(backend))) throw new GitError(`${backend} is missing: install git with its HTTP backend`)
  const hooks = join(options.root, '.hooks')
  await writeHooks(hooks, options.beforePush !== undefined)
  const running = new Map<Promise<void>, AbortController>()
  let closed = false

  function handle(request: IncomingMessage, response: ServerResponse): boolean {
    const transfer = parse(request)
    if (transfer === null) return false
    if (closed) {
      refuse(request, response, 503, 'The server is stopping.')
      return true
    }
    const stop = new AbortController()
    const served = serve(request, response, transfer, stop.signal).catch((error: unknown) => {
      options.onFault(`${request.method} ${request.url}: ${String(error)}`)
      response.destroy()
    })
    running.set(served, stop)
    void served.finally(() => running.delete(served))
    return true
  }

  async function serve(
    request: IncomingMessage,
    response: ServerResponse,
    transfer: Transfer,
    stop: AbortSignal,
  ): Promise<void> {
    const { owner, repo, write, token } = transfer
    const permission = await options.authorize({ owner, repo, write, token })
    if (stop.aborted) return refuse(request, response, 503, 'The server is stopping.')
    if (permission.status !== 200) return refuse(request, response, permission.status, permission.message ?? '')
    const { actor } = permission
    const push = { owner, repo, repository: repositoryPath(options.root, owner, repo), actor, token }
    const program = spawn(backend, {
      env: environment(options.root, hooks, request, transfer, actor),
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    })
    const complaints: Buffer[] = []
    program.stderr.on('data', (chunk: Buffer) => complaints.push(chunk))
    const moved = answerHooks(program.stdio[3] as Duplex, (updates) => judge(options, push, updates))
    // A push is never killed, or its refs could have moved without a word: without a body git gives up by itself.
    const abandon = () => (write ? program.stdin.destroy() : program.kill())
    stop.addEventListener('abort', abandon)
    response.once('close', abandon)
    program.stdin.on('error', () => {})
    request.on('error', () => {})
    request.pipe(program.stdin)
    const answered = await relayAnswer(program, program.stdout, response)
    if (moved.length > 0) await options.onPush({ ...push, updates: moved })
    if (!answered && !response.destroyed) {
      options.onFault(`${request.method} ${request.url}: ${Buffer.concat(complaints).toString().trim() || 'no answer'}`)
      response.writeHead(500)
    }
    response.end()
  }

  return {
    handle,
    close: async () => {
      closed = true
      for (const stop of running.values()) stop.abort()
      await Promise.all(running.keys())
    },
  }
}

const isProgram = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  )

function parse(request: IncomingMessage): Transfer | null {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const parts = gitUrl.exec(url.pathname)
  if (parts === null) return null
  const [, owner = '', repo = '', verb = ''] = parts
  const write = verb === 'git-receive-pack' || url.searchParams.get('service') === 'git-receive-pack'
  return { owner, repo, verb, query: url.search.slice(1), write, token: readToken(request.headers.authorization) }
}

/** `Basic` with the token as password, `Bearer` or `token`. */
function readToken(header = ''): string | null {
  const [kind = '', credentials = ''] = header.split(' ')
  if (credentials === '') return null
  if (kind.toLowerCase() !== 'basic') return credentials
  const pair = Buffer.from(credentials, 'base64').toString()
  return pair.slice(pair.indexOf(':') + 1) || null
}

function refuse(request: IncomingMessage, response: ServerResponse, status: number, message: string): void {
  request.resume()
  const challenge = status === 401 ? { 'www-authenticate': 'Basic realm="GitHub"' } : {}
  response.writeHead(status, { 'content-type': 'text/plain', ...challenge }).end(message)
}

async function judge(
  { beforePush, onFault }: SmartHttpOptions,
  push: Omit<Push, 'updates'>,
  updates: Parameters<NonNullable<SmartHttpOptions['beforePush']>>[1][],
): Promise<string[]> {
  if (beforePush === undefined) return []
  try {
    const answers = await Promise.all(updates.map((update) => beforePush(push, update)))
    return answers.filter((answer) => answer !== null)
  } catch (error) {
    onFault(`push to ${push.owner}/${push.repo}: ${String(error)}`)
    return ['The server failed while it looked at this push.']
  }
}

function environment(
  root: string,
  hooks: string,
  request: IncomingMessage,
  { owner, repo, verb, query }: Transfer,
  actor: string,
): Record<string, string> {
  const { headers } = request
  const optional = {
    CONTENT_LENGTH: headers['content-length'],
    HTTP_CONTENT_ENCODING: headers['content-encoding'],
    GIT_PROTOCOL: headers['git-protocol'] as string | undefined,
  }
  const config = [
    ['core.hooksPath', hooks],
    ['http.receivepack', 'true'],
    // Only the smart protocol: no walking through files.
    ['http.getanyfile', 'false'],
  ]
  return {
    ...cleanEnvironment(),
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: `/${owner}/${repo}.git/${verb}`,
    REQUEST_METHOD: request.method ?? 'GET',
    QUERY_STRING: query,
    CONTENT_TYPE: headers['content-type'] ?? '',
    REMOTE_USER: actor,
    REMOTE_ADDR: request.socket.remoteAddress ?? '',
    ...Object.fromEntries(
      Object.entries(optional).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    GIT_CONFIG_COUNT: String(config.length),
    ...Object.fromEntries(
      config.flatMap(([key = '', value = ''], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  }
}
