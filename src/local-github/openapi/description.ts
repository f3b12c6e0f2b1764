import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { OperationId } from './operations.ts'

/** A JSON schema as the extracted descriptions hold it. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  format?: string
  pattern?: string
  enum?: (string | number | boolean | null)[]
  const?: string | number | boolean | null
  minimum?: number
  minLength?: number
  minItems?: number
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
}

interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required?: boolean
  schema: Schema
}

interface Content {
  content?: Record<string, { schema?: Schema }>
}

/** One operation, references to parameters and responses resolved. */
export interface Operation {
  id: OperationId
  method: string
  /** `/repos/{owner}/{repo}/issues` */
  path: string
  docs: string
  parameters: Parameter[]
  /** Schema of the JSON body; null when it takes none. */
  body: { required: boolean; schema: Schema } | null
  /** Schema of the JSON answer by status; null for an answer without JSON. */
  answers: Map<number, Schema | null>
}

interface Reference {
  $ref?: string
}

export interface RestDescription {
  paths: Record<string, Record<string, RawOperation>>
  components: {
    schemas: Record<string, Schema>
    parameters: Record<string, Parameter>
    responses: Record<string, Content>
  }
}

interface RawOperation {
  operationId: OperationId
  docs: string
  parameters: (Parameter & Reference)[]
  requestBody?: Content & { required?: boolean }
  responses: Record<string, Content & Reference>
}

export interface WebhookDescription {
  webhooks: Record<string, Schema>
  components: { schemas: Record<string, Schema> }
}

function load(file: string): unknown {
  return JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8'))
}

/** GitHub's own description of its REST API, the part that operations.ts names. */
export const rest = load('rest.json') as RestDescription

/** The same of its webhooks, the part that webhooks.ts names. */
export const webhooks = load('webhooks.json') as WebhookDescription

function named(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1)
}

function jsonOf(content: Content): Schema | null {
  return content.content?.['application/json']?.schema ?? null
}

function resolveParameter(parameter: Parameter & Reference): Parameter {
  if (parameter.$ref === undefined) return parameter
  const found = rest.components.parameters[named(parameter.$ref)]
  if (found === undefined) throw new Error(`rest.json lacks the parameter ${parameter.$ref}`)
  return found
}

function resolveAnswer(answer: Content & Reference): Schema | null {
  if (answer.$ref === undefined) return jsonOf(answer)
  const found = rest.components.responses[named(answer.$ref)]
  if (found === undefined) throw new Error(`rest.json lacks the response ${answer.$ref}`)
  return jsonOf(found)
}

function operation(method: string, path: string, raw: RawOperation): Operation {
  const schema = raw.requestBody === undefined ? null : jsonOf(raw.requestBody)
  return {
    id: raw.operationId,
    method: method.toUpperCase(),
    path,
    docs: raw.docs,
    parameters: raw.parameters.map(resolveParameter),
    body: schema === null ? null : { required: raw.requestBody?.required === true, schema },
    answers: new Map(Object.entries(raw.responses).map(([status, at]) => [Number(status), resolveAnswer(at)])),
  }
}

export const OPERATIONS: readonly Operation[] = Object.entries(rest.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, raw]) => operation(method, path, raw)),
)

const byId = new Map<string, Operation>(OPERATIONS.map((each) => [each.id, each]))

export function operationById(id: OperationId): Operation {
  const found = byId.get(id)
  if (found === undefined) throw new Error(`rest.json lacks the operation ${id}`)
  return found
}
