import { permit } from './access.ts'
import { notFound, refuse } from './answers.ts'
import { makeCall } from './call.ts'
import type { Answer, Caller, Handlers, Json, JsonObject, World } from './contract.ts'
import { isObject } from './json.ts'
import { rest, type Operation } from './openapi/description.ts'
import { createFill, MissingIdentity } from './openapi/fill.ts'
import { accessTo } from './openapi/operations.ts'
import { checkAnswer, checkBody, checkParameters } from './openapi/validate.ts'

/** A request whose operation and caller are known. `body` is undefined where none came. */
interface Request {
  operation: Operation
  caller: Caller
  params: Record<string, string>
  query: Record<string, string>
  body: Json | undefined
  accept: string
}

export type Perform = (request: Request) => Promise<Answer>

/** Makes the function that takes a request through permission, description, handler and completion to its answer. */
export function createRouter(world: World, handlers: Handlers): Perform {
  const fill = createFill(rest.components.schemas, world.apiUrl)

  return async function perform(request) {
    const { operation, caller, params, accept } = request
    const permitted = permit(world, caller, accessTo(operation.id), params)
    if (!permitted.ok) return complete(operation, permitted.answer)

    const query: JsonObject = { ...request.query }
    const refusal = refuseMisfit(world, operation, { ...params }, query, request.body)
    if (refusal !== null) return complete(operation, refusal)

    const handler = handlers[operation.id]
    if (handler === undefined) throw new Error(`${operation.id} has no handler`)
    const body = isObject(request.body) ? request.body : {}
    const { repository } = permitted
    const call = makeCall({ operation: operation.id, caller, params, query, body, accept, repository })
    const handle = async (): Promise<Answer> => handler(call, world)
    const writes = operation.method !== 'GET' && repository !== null
    const answer = await (writes ? world.exclusively(repository.id, handle) : handle())
    return complete(operation, answer)
  }

  function complete(operation: Operation, answer: Answer): Answer {
    if (answer.contentType !== undefined) return answer
    const documented: Answer =
      answer.status >= 400 && isObject(answer.body)
        ? { ...answer, body: { ...answer.body, documentation_url: operation.docs } }
        : answer
    const schema = operation.answers.get(answer.status)
    const filled = documented.body === undefined || !schema ? documented : fillAnswer(operation, documented)
    for (const message of checkAnswer(operation, filled.status, filled.body)) {
      world.violation({ subject: operation.id, part: 'answer', message })
    }
    return filled
  }

  function fillAnswer(operation: Operation, answer: Answer): Answer {
    const schema = operation.answers.get(answer.status)
    if (!schema || answer.status >= 400) return answer
    try {
      return { ...answer, body: fill(schema, answer.body) }
    } catch (error) {
      if (error instanceof MissingIdentity) throw new Error(`${operation.id}: ${error.message}`, { cause: error })
      throw error
    }
  }
}

/** What GitHub answers to a request that its description does not allow; null when it does. */
function refuseMisfit(
  world: World,
  operation: Operation,
  params: JsonObject,
  query: JsonObject,
  body: Json | undefined,
): Answer | null {
  const { lost, faults, strangers } = checkParameters(operation, params, query)
  for (const message of [...faults, ...strangers]) {
    world.violation({ subject: operation.id, part: 'parameters', message })
  }
  if (faults.length > 0) return lost ? notFound() : misfit(faults)
  if (operation.body === null || (body === undefined && !operation.body.required)) return null
  const checked = checkBody(operation, body ?? {})
  for (const message of [...checked.faults, ...checked.strangers]) {
    world.violation({ subject: operation.id, part: 'request body', message })
  }
  return checked.faults.length === 0 ? null : misfit(checked.faults)
}

const misfit = (faults: string[]): Answer => refuse(422, ['Invalid request.', '', ...faults].join('\n'))
