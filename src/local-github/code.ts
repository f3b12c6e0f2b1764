import { createReadStream } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'

import { permitInRepository } from './access.ts'
import { startActions } from './actions-host.ts'
import { callerOf } from './authenticate.ts'
import { guardRef } from './branch-guard.ts'
import type { Caller, Deed, StartPart, World } from './contract.ts'
import type { GitPermission, GitRequest } from './git/contract.ts'
import { createSmartHttp } from './git/smart-http.ts'
import { findJobLog } from './job-logs.ts'
import { accessTo } from './openapi/operations.ts'
import { repositoryByName } from './people.ts'
import { makeCall } from './call.ts'
import { dropHalfPulls, pullById } from './pulls.ts'
import { finishMoves, intendMoves, refsMoved } from './ref-moves.ts'
import { dropTrialMerge } from './trial-merge.ts'

/** The half of GitHub around commits that lives as long as the server: git over HTTP, and workflow runs. */
export const startCode: StartPart = async (world) => {
  const git = await createSmartHttp({
    root: join(world.data, 'git'),
    authorize: (request) => authorize(world, request),
    async beforePush({ owner, repo, token }, update) {
      const deed = deedOf(world, owner, repo, token)
      if (deed === null) return 'Repository not found.'
      const refusal = guardRef(world, deed.repository, update)
      if (refusal !== null) return `error: ${refusal}`
      const { name, before, after } = update
      intendMoves(world, deed, [{ name, before, after }])
      world.store.flush()
      return null
    },
    async onPush({ owner, repo, token, updates }) {
      const deed = deedOf(world, owner, repo, token)
      if (deed === null) throw new Error(`${owner}/${repo} was pushed to by somebody who is nobody`)
      await world.exclusively(deed.repository.id, () => refsMoved(world, deed, updates))
      world.store.flush()
    },
    onFault: (message) => world.violation({ subject: 'git', part: 'fault', message }),
  })
  world.listen(({ event, action, repository, complete }) => {
    if (event !== 'pull_request' || action !== 'closed') return
    const { id } = complete['pull_request'] as { id: number }
    dropTrialMerge(world, repository, pullById(world, id).issue.number)
  })
  dropHalfPulls(world)
  const actions = await startActions(world)
  await finishMoves(world)
  return {
    handle: (request, response) => git.handle(request, response) || sendLog(world, request, response),
    idle: () => actions.idle(),
    async close() {
      await git.close()
      await actions.close()
    },
  }
}

function authorize(world: World, { owner, repo, write, token }: GitRequest): GitPermission {
  const caller: Caller | null = token === null ? { kind: 'anonymous' } : callerOf(world, token)
  if (caller === null) return { status: 401, message: 'Bad credentials' }
  const access = accessTo(write ? 'git/create-ref' : 'git/get-ref')
  if (access.kind !== 'repository') throw new Error('refs are not in a repository any more')
  const repository = repositoryByName(world.store, `${owner}/${repo}`)
  const permitted = permitInRepository(world, caller, repository, access)
  if (permitted.ok) return { status: 200, actor: actorOf(caller) }
  // Git asks for credentials only when told so.
  if (caller.kind === 'anonymous') return { status: 401, message: 'Authentication required.' }
  if (permitted.answer.status === 404) return { status: 404, message: 'Repository not found.' }
  return { status: 403, message: 'Write access to repository not granted.' }
}

function actorOf(caller: Caller): string {
  if (caller.kind === 'person') return caller.user.login
  return caller.kind === 'installation' ? caller.bot.login : ''
}

function deedOf(world: World, owner: string, repo: string, token: string | null): Deed | null {
  const caller = token === null ? null : callerOf(world, token)
  const repository = repositoryByName(world.store, `${owner}/${repo}`)
  if (caller === null || repository === undefined) return null
  const nothing = { params: {}, query: {}, body: {}, accept: '' }
  return makeCall({ operation: 'git/update-ref', caller, repository, ...nothing })
}

function sendLog(world: World, request: IncomingMessage, response: ServerResponse): boolean {
  const path = findJobLog(world, request.url ?? '/')
  if (path === undefined) return false
  if (path === null) {
    response.writeHead(404).end('Not Found')
    return true
  }
  const file = createReadStream(path)
  file.on('error', () => response.writeHead(404).end('Not Found'))
  file.on('open', () => {
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' })
    file.pipe(response)
  })
  return true
}
