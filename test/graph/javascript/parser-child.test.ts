import { expect, test } from 'vitest'

import { startParser } from '../../../src/graph/javascript/parser-child.ts'
import type { Job } from '../../../src/graph/javascript/parser-child.ts'

function newJob(text: string): Job & { answer: Promise<unknown> } {
  const { promise, resolve } = Promise.withResolvers<unknown>()
  return {
    question: { asked: 'references', language: 'ts' },
    content: Buffer.from(text),
    settle: resolve,
    fail: (why) => resolve(`failed: ${why}`),
    answer: promise,
  }
}

test('a text that takes too long is given up, and those behind it are handed back', async () => {
  const { promise: end, resolve } = Promise.withResolvers<{ of: Job | null; why: string; rest: Job[] }>()
  const child = startParser({ patience: 1_000 }, () => {}, resolve)
  // The first answer shows that the process runs, so that the time is not spent on its start.
  const first = newJob(`require('./a')`)
  child.give(first)
  expect(await first.answer).toEqual({ references: [{ specifier: './a', kind: 'require' }], fault: null })
  const slow = newJob(
    `require('./b'); ${'const a = { b: [(c, d) => c?.d`e${f}g`] };'.repeat(900_000)}; export default new URL(x, import.meta.url)`,
  )
  const behind = newJob('')
  child.give(slow)
  child.give(behind)
  expect(await end).toEqual({ started: true, of: slow, why: 'parsing took longer than 1000 ms', rest: [behind] })
})

test('a process that ends without work harms no job', async () => {
  const { promise: end, resolve } = Promise.withResolvers<{ of: Job | null; rest: Job[] }>()
  const child = startParser({ patience: 10_000 }, () => {}, resolve)
  const job = newJob('')
  child.give(job)
  await job.answer
  await child.end()
  expect(await end).toMatchObject({ started: true, of: null, rest: [] })
})
