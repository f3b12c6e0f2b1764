import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'

import type { Json, JsonObject } from '../contract.ts'
import { rest, webhooks, type Operation, type Schema } from './description.ts'
import { webhookKey } from './webhooks.ts'

/*
 * Holds requests, answers and webhooks against GitHub's descriptions. Every check gives what does not fit, as sentences;
 * none when all does. Validators are compiled when first needed.
 */

// Compiling is what costs here: each validator is used a few times only.
const OPTIONS = {
  strict: false,
  validateSchema: false,
  logger: false,
  inlineRefs: false,
  code: { optimize: false },
} as const
// GitHub leaves addresses empty that the format would refuse.
const address = (value: string): boolean => value === '' || URL.canParse(value)

const answers = new Ajv(OPTIONS)
const requests = new Ajv({ ...OPTIONS, coerceTypes: true, useDefaults: true })
const hooks = new Ajv2020(OPTIONS)
for (const ajv of [answers, requests, hooks]) {
  formats.default(ajv)
  ajv.addFormat('uri', address)
  // The addresses of bots hold brackets.
  ajv.addFormat('email', /^[^@\s]*@[^@\s]+$/)
}
answers.addSchema({ components: rest.components }, 'rest')
requests.addSchema({ components: rest.components }, 'rest')
hooks.addSchema({ components: webhooks.components }, 'webhooks')

const compiled = new Map<string, ValidateFunction>()

function validator(ajv: Ajv | Ajv2020, name: string, schema: () => object): ValidateFunction {
  let found = compiled.get(name)
  if (found === undefined) compiled.set(name, (found = ajv.compile(schema())))
  return found
}

/** The same schema with its references pointing into the named description. */
function pointing(schema: Schema, description: string): object {
  const text = JSON.stringify(schema).replaceAll('"$ref":"#/', `"$ref":"${description}#/`)
  return JSON.parse(text) as object
}

function sentence(error: ErrorObject): string {
  const at = error.instancePath.slice(1)
  if (error.keyword === 'required') {
    const name = String(error.params['missingProperty'])
    return `"${name}" wasn't supplied${at === '' ? '' : ` in ${at}`}.`
  }
  const allowed = error.keyword === 'enum' ? `: ${JSON.stringify(error.params['allowedValues'])}` : ''
  return `For '${at}', the value ${error.message ?? 'is wrong'}${allowed}.`
}

function check(validate: ValidateFunction, value: unknown): string[] {
  return validate(value) ? [] : (validate.errors ?? []).map(sentence)
}

const unknownNames = (names: string[], known: Set<string>, what: string): string[] =>
  names.filter((name) => !known.has(name)).map((name) => `${what} '${name}' is not in the description`)

/**
 * Coerces path and query parameters in place to the description's types and fills in its defaults. `strangers` are
 * parameters GitHub would ignore; `lost` says that the path itself names nothing (an issue number that is no number).
 */
export function checkParameters(
  operation: Operation,
  path: JsonObject,
  query: JsonObject,
): { lost: boolean; faults: string[]; strangers: string[] } {
  const faults: string[] = []
  let lost = false
  for (const [where, values] of [
    ['path', path],
    ['query', query],
  ] as const) {
    const parameters = operation.parameters.filter((parameter) => parameter.in === where)
    const validate = validator(requests, `${operation.id} ${where}`, () =>
      pointing(
        {
          type: 'object',
          properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])),
          required: parameters.filter(({ required }) => required === true).map(({ name }) => name),
        },
        'rest',
      ),
    )
    const found = check(validate, values)
    if (where === 'path' && found.length > 0) lost = true
    faults.push(...found)
  }
  const known = new Set(operation.parameters.map(({ name }) => name))
  return { lost, faults, strangers: unknownNames(Object.keys(query), known, 'the query parameter') }
}

/** `strangers` are fields on the first level that GitHub would ignore. */
export function checkBody(operation: Operation, body: Json): { faults: string[]; strangers: string[] } {
  if (operation.body === null) return { faults: [], strangers: [] }
  const { schema } = operation.body
  const faults = check(
    validator(answers, `${operation.id} body`, () => pointing(schema, 'rest')),
    body,
  )
  const closed = schema.properties !== undefined && schema.oneOf === undefined && schema.anyOf === undefined
  const names =
    closed && schema.additionalProperties === undefined && typeof body === 'object' ? Object.keys(body ?? {}) : []
  return { faults, strangers: unknownNames(names, new Set(Object.keys(schema.properties ?? {})), 'the field') }
}

/** Holds a whole answer against the schema of its status; an undescribed refusal only needs its message. */
export function checkAnswer(operation: Operation, status: number, body: Json | undefined): string[] {
  const schema = operation.answers.get(status)
  if (schema === undefined && status < 400) return [`the status ${status} is not in the description`]
  if (schema === undefined || schema === null) return []
  if (body === undefined) return [`the answer ${status} has no body`]
  return check(
    validator(answers, `${operation.id} ${status}`, () => pointing(satisfiable(schema, status), 'rest')),
    body,
  )
}

/** Some refusals are described as exactly one of two forms, both of which fit everything. */
function satisfiable(schema: Schema, status: number): Schema {
  return status >= 400 && schema.oneOf !== undefined ? { anyOf: schema.oneOf } : schema
}

/** The schema of a webhook; undefined when webhooks.json does not have it. */
export function webhookSchema(event: string, action: string | undefined): Schema | undefined {
  return webhooks.webhooks[webhookKey(event, action)]
}

export function checkWebhook(event: string, action: string | undefined, payload: Json): string[] {
  const schema = webhookSchema(event, action)
  if (schema === undefined) return ['the webhook is not among those the local GitHub sends (openapi/webhooks.ts)']
  return check(
    validator(hooks, `webhook ${webhookKey(event, action)}`, () => pointing(schema, 'webhooks')),
    payload,
  )
}
