import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Pages, World } from '../contract.ts'
import { repositoryByName } from '../people.ts'
import type { RepositoryRecord } from '../records.ts'
import { actorOf, mayRead } from './actor.ts'
import { sendAsset } from './assets.ts'
import { readForm } from './form.ts'
import { nothingHere } from './nothing-here.ts'
import { isOwnForm, isThisMachine, newNonce, sendFile, sendPage, sendRedirect, sendText } from './respond.ts'
import { findRoute, type Found } from './routes.ts'
import { documentOf, mainPart } from './shell.ts'
import type { Reply, Visit } from './visit.ts'

/** The web pages. Every GET and POST is theirs: what is at no page gets one that says so. */
export const pages: Pages = (request, response, world) => {
  const { method = '' } = request
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') return false
  if (!isThisMachine(request)) {
    sendText(response, 421, `These pages are for this machine only. Open ${world.url}/`)
    return true
  }
  const url = new URL(request.url ?? '/', world.url)
  if (method !== 'POST' && sendAsset(response, url.pathname)) return true
  answer(request, response, world, url).catch((error: unknown) => {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
    world.violation({ subject: `${method} ${url.pathname}`, part: 'fault', message })
    if (response.headersSent) response.destroy()
    else sendText(response, 500, 'Something failed here. The violations of the local GitHub say what.')
  })
  return true
}

async function answer(request: IncomingMessage, response: ServerResponse, world: World, url: URL): Promise<void> {
  const posted = request.method === 'POST'
  const form = posted ? await readForm(request) : new URLSearchParams()
  if (posted && !isOwnForm(request)) return sendText(response, 403, 'A form of another site is not taken here.')
  if (form === null) return sendText(response, 400, 'This is no form, or one larger than 1 MB.')

  const found = findRoute(posted ? 'POST' : 'GET', url.pathname)
  const repository = repositoryIn(world, found)
  const actor = actorOf(world, request, repository)
  const visit: Visit = { world, url, actor, params: found?.params ?? {}, form }
  // Whether a private repository exists is not told either.
  const readable = repository !== undefined && mayRead(world, repository, actor) ? repository : undefined
  const reply = await replyTo(found, visit, readable)
  send(request, response, visit, readable, reply)
}

function repositoryIn(world: World, found: Found | null): RepositoryRecord | undefined {
  const name = found?.target.fullName ?? null
  return name === null ? undefined : repositoryByName(world.store, name)
}

async function replyTo(found: Found | null, visit: Visit, repository: RepositoryRecord | undefined): Promise<Reply> {
  if (found === null) return nothingHere
  const { target } = found
  if (target.fullName === null) return target.show(visit)
  return repository === undefined ? nothingHere : target.show({ ...visit, repository })
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  visit: Visit,
  repository: RepositoryRecord | undefined,
  reply: Reply,
): void {
  if (reply.kind === 'redirect') return sendRedirect(response, reply.to, reply.cookie)
  if (reply.kind === 'file') return sendFile(response, reply.content, reply.contentType)
  const nonce = newNonce()
  const part = request.headers['x-part'] === 'main'
  const page = part ? mainPart(reply) : documentOf(reply, visit, repository, nonce)
  sendPage(response, reply.status ?? 200, page, nonce)
}
