import { expect, test } from 'vitest'
import { defineWorkflow, launchEngine, step } from '../src/engine.ts'
import { testDatabase } from './support/database.ts'

test('smoke', async () => {
  const db = await testDatabase()
  const w = defineWorkflow('a', async (n: number) => step('x', async () => n + 1))
  const log = () => {}
  const e = await launchEngine({ databaseUrl: db.url, logger: { debug: log, info: console.log, warn: console.log, error: console.log } })
  await w.start('1', 1)
  expect(await w.result('1')).toBe(2)
  await w.enqueue('2', 'p', 1)
  expect(await w.result('2')).toBe(2)
  await e.stop()
  await db.drop()
})
