import { strict as assert } from 'node:assert'
import { test } from 'node:test'
import { healthy } from '../src/health.js'

test('is well after a start', () => {
  assert.equal(healthy(), true)
})
