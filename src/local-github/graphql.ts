import type { IncomingMessage, ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'
import { permitInRepository } from './access.ts'
import { authenticate } from './authenticate.ts'
import type { Caller, Deed, JsonObject, World } from './contract.ts'
import { recordEvent } from './issues.ts'
import { isObject, text } from './json.ts'
import { emitPull, pullById } from './pulls.ts'
import type { createTraffic } from './traffic.ts'
import { nodeId } from './views/user.ts'
import type { Machinery } from './world.ts'

/*
 * The one mutation of GitHub's GraphQL API that has no counterpart in its REST API: "markPullRequestReadyForReview"
 * (docs.github.com/graphql/reference/mutations). Everything else is answered with an error, as a field that is not there.
 */

const PATH = '/api/graphql'

type GraphError = { type: string; message: string }

const wrong = (type: string, message: string): { errors: GraphError[] } => ({ errors: [{ type, message }] })

/** GraphQL over HTTP: takes every request to `/api/graphql`, or says false. */
export function createGraphql(
  { world, limits }: Pick<Machinery, 'world' | 'limits'>,
  traffic: ReturnType<typeof createTraffic>,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await json(request).catch(() => null)
    const authenticated = await authenticate(world, request.headers.authorization)
    const send = (status: number, answer: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(answer))
    }
    if (!authenticated.ok) return send(401, authenticated.answer.body)
    const { caller } = authenticated
    limits.spend(caller)
    if (caller.kind === 'installation' && caller.app.id === world.app.id) {
      traffic.count({ id: 'graphql', method: 'POST' })
    }
    send(200, await perform(world, caller, isObject(body) ? body : {}))
    world.store.flush()
  }

  return (request, response) => {
    if (request.method !== 'POST' || request.url !== PATH) return false
    serve(request, response).catch((error: unknown) => {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
      world.violation({ subject: 'graphql', part: 'fault', message })
      if (!response.headersSent) response.writeHead(500).end()
    })
    return true
  }
}

async function perform(world: World, caller: Caller, body: JsonObject): Promise<JsonObject> {
  const query = text(body['query']) ?? ''
  const [, field, variable] = /\{\s*(\w+)\s*\(\s*input:\s*\{\s*pullRequestId:\s*\$(\w+)\s*\}\s*\)/.exec(query) ?? []
  if (field !== 'markPullRequestReadyForReview' || variable === undefined) {
    return wrong('undefinedField', `The local GitHub has no such field: ${query.slice(0, 200)}`)
  }
  const { variables } = body
  const id = isObject(variables) ? text(variables[variable]) : undefined
  const pull = world.store.list('pull').find((each) => nodeId('PullRequest', each.id) === id)
  const repository = pull && world.store.get('repository', pull.repositoryId)
  if (pull === undefined || repository === undefined) {
    return wrong('NOT_FOUND', `Could not resolve to a node with the global id of '${id ?? ''}'`)
  }
  const permitted = permitInRepository(world, caller, repository, {
    kind: 'repository',
    role: 'write',
    permissions: ['pull_requests:write'],
  })
  if (!permitted.ok || caller.kind === 'anonymous' || caller.kind === 'app') {
    return wrong('FORBIDDEN', 'Resource not accessible by integration')
  }
  const byPerson = caller.kind === 'person'
  const deed: Deed = {
    repository,
    actor: byPerson ? caller.user : caller.bot,
    viaApp: byPerson ? null : caller.app,
    byWorkflow: false,
  }
  await world.exclusively(repository.id, async () => {
    const { issue, pull: now } = pullById(world, pull.id)
    if (!now.draft) return
    world.store.put('pull', { ...now, draft: false })
    recordEvent(world, deed, issue, { event: 'ready_for_review' })
    emitPull(world, deed, now.id, 'ready_for_review')
  })
  return { data: { markPullRequestReadyForReview: { pullRequest: { isDraft: false } } } }
}
