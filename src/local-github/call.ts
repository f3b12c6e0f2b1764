import type { Call, Caller, JsonObject, OperationId } from './contract.ts'
import type { AppRecord, RepositoryRecord, UserRecord } from './records.ts'

export interface CallParts {
  operation: OperationId
  caller: Caller
  params: Record<string, string>
  query: JsonObject
  body: JsonObject
  accept: string
  repository: RepositoryRecord | null
}

/** The slug of the app whose installation tokens workflow jobs hold. */
export const ACTIONS_SLUG = 'github-actions'

export function makeCall(parts: CallParts): Call {
  const { operation, caller, params, query, body, accept } = parts
  const viaApp: AppRecord | null = caller.kind === 'installation' ? caller.app : null

  function text(name: string): string {
    const value = params[name]
    if (value === undefined) throw new Error(`${operation} has no path parameter '${name}'`)
    return value
  }

  return {
    operation,
    caller,
    params,
    query,
    body,
    accept,
    viaApp,
    byWorkflow: viaApp?.slug === ACTIONS_SLUG,
    get repository(): RepositoryRecord {
      if (parts.repository === null) throw new Error(`${operation} is not in a repository`)
      return parts.repository
    },
    get actor(): UserRecord {
      if (caller.kind === 'person') return caller.user
      if (caller.kind === 'installation') return caller.bot
      throw new Error(`${operation} was allowed to somebody who is nobody`)
    },
    text,
    number: (name) => Number(text(name)),
  }
}
