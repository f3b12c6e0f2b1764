import { expect, test } from 'vitest'

import { operationById } from '../../src/local-github/openapi/description.ts'
import { OPERATION_IDS, type OperationId } from '../../src/local-github/openapi/operations.ts'
import { HANDLERS } from '../../src/local-github/rest/all.ts'

test('every operation has a description and a handler, and no handler is for another', () => {
  expect(Object.keys(HANDLERS).toSorted()).toEqual(OPERATION_IDS.toSorted())
  for (const id of OPERATION_IDS) expect(operationById(id as OperationId).id).toBe(id)
})
