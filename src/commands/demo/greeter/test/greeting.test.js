import { strict as assert } from 'node:assert'
import { test } from 'node:test'
import { greeting } from '../src/greeting.js'

test('says hello to somebody', () => {
  assert.match(greeting('Ada'), /^Hello, Ada/)
})
