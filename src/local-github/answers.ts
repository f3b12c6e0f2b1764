import type { Answer, Call, Json, JsonObject } from './contract.ts'

/** One entry of a 422's `errors`. */
export interface FieldError {
  resource: string
  field: string
  code: 'missing' | 'missing_field' | 'invalid' | 'already_exists' | 'unprocessable' | 'custom'
  message?: string
}

/** A success with a body that may be partial. */
export function answer(status: number, body?: Json): Answer {
  return body === undefined ? { status } : { status, body }
}

/** A refusal in GitHub's form; the router adds `documentation_url`. */
export function refuse(status: number, message: string, errors?: FieldError[] | string[]): Answer {
  const body: JsonObject = { message, status: String(status) }
  if (errors !== undefined) body['errors'] = errors.map((error) => (typeof error === 'string' ? error : { ...error }))
  return { status, body }
}

export const notFound = (): Answer => refuse(404, 'Not Found')

/** 422 as GitHub words a field that does not hold. */
export function invalid(...errors: FieldError[]): Answer {
  return refuse(422, 'Validation Failed', errors)
}

/**
 * The page of a list that `page` and `per_page` ask for. `wrap` names the array in an object with `total_count`
 * (`{ total_count, check_runs: […] }`); without it the answer is the bare array.
 */
export function paged<T>(call: Call, items: readonly T[], view: (item: T) => JsonObject, wrap?: string): Answer {
  const perPage = Math.min(Math.max(Number(call.query['per_page'] ?? 30), 1), 100)
  const page = Math.max(Number(call.query['page'] ?? 1), 1)
  const shown = items.slice((page - 1) * perPage, page * perPage).map(view)
  return {
    status: 200,
    body: wrap === undefined ? shown : { total_count: items.length, [wrap]: shown },
    pages: { page, last: Math.max(Math.ceil(items.length / perPage), 1) },
  }
}
