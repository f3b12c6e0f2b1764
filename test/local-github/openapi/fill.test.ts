import { expect, test } from 'vitest'

import { rest } from '../../../src/local-github/openapi/description.ts'
import { createFill, MissingIdentity } from '../../../src/local-github/openapi/fill.ts'
import { operationById } from '../../../src/local-github/openapi/description.ts'
import { checkAnswer } from '../../../src/local-github/openapi/validate.ts'

const fill = createFill(rest.components.schemas, 'http://127.0.0.1/x')

test('only required gaps are filled, null where it is allowed', () => {
  const schema = {
    type: 'object',
    required: ['id', 'note', 'when', 'page_url', 'flag', 'list', 'kind', 'inner'],
    properties: {
      id: { type: 'integer' },
      note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      when: { type: 'string', format: 'date-time' },
      page_url: { type: 'string' },
      flag: { type: 'boolean' },
      list: { type: 'array', items: { type: 'string' } },
      kind: { type: 'string', enum: ['a', 'b'] },
      inner: {
        type: 'object',
        required: ['x'],
        properties: { x: { type: ['string', 'null'] }, y: { type: 'string' } },
      },
      optional: { type: 'string' },
    },
  }
  expect(fill(schema, { id: 7, flag: true, extra: 1 })).toEqual({
    id: 7,
    note: null,
    when: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    page_url: 'http://127.0.0.1/x',
    flag: true,
    list: [],
    kind: 'a',
    inner: { x: null },
    extra: 1,
  })
})

test('the alternative that fits best is completed', () => {
  const cat = { type: 'object', required: ['purrs'], properties: { purrs: { type: 'boolean' } } }
  const dog = {
    type: 'object',
    required: ['barks', 'age'],
    properties: { barks: { type: 'boolean' }, age: { type: 'integer' } },
  }
  expect(fill({ oneOf: [cat, dog, { type: 'null' }] }, { barks: true })).toEqual({ barks: true, age: 0 })
  expect(fill({ oneOf: [cat, dog, { type: 'null' }] }, null)).toBe(null)
  expect(fill({ allOf: [cat, dog] }, {})).toEqual({ purrs: false, barks: false, age: 0 })
})

test.each(['sha', 'number', 'ref', 'login', 'state'])('a missing %s is a bug and never made up', (key) => {
  const schema = { type: 'object', required: [key], properties: { [key]: { type: 'string' } } }
  expect(() => fill(schema, {})).toThrow(MissingIdentity)
  expect(fill(schema, { [key]: 'given' })).toEqual({ [key]: 'given' })
})

test('an issue lacks its number even when it is nested, and fits once it is there', () => {
  const operation = operationById('issues/get')
  const schema = operation.answers.get(200) ?? {}
  const issue = { title: 'T', state: 'open', user: null }
  expect(() => fill(schema, issue)).toThrow("lacks 'number'")
  const filled = fill(schema, { ...issue, number: 1 })
  expect(checkAnswer(operation, 200, filled)).toEqual([])
  expect(checkAnswer(operation, 200, { ...issue, number: 1 })).not.toEqual([])
  expect(checkAnswer(operation, 299, {})).toEqual(['the status 299 is not in the description'])
})
