import { expect, test } from 'vitest'
import { bucket, createPace, take } from '../../src/github/pacing.ts'

test.each([
  // [what happens at which moment → how long to wait], for a bucket of 3 a minute
  ['a burst passes, then one every 20 s', [0, 0, 0, 0, 20_000, 20_000], [0, 0, 0, 20_000, 0, 20_000]],
  [
    'it is full again after a minute, and never fuller',
    [0, 0, 0, 600_000, 600_000, 600_000, 600_000],
    [0, 0, 0, 0, 0, 0, 20_000],
  ],
  ['waiting is counted from what has run in already', [0, 0, 0, 5_000, 15_000, 20_000], [0, 0, 0, 15_000, 5_000, 0]],
  [
    'a clock that goes back gives nothing and takes nothing for long',
    [60_000, 60_000, 60_000, 50_000],
    [0, 0, 0, 30_000],
  ],
] as const)('%s', (_, moments, waits) => {
  const three = bucket(3, 60_000, 0)
  expect(moments.map((moment) => take(three, moment))).toEqual(waits)
})

/** How many writes pass within `ms`, when one is wanted as soon as the last has passed. */
function passed(size: number, windowMs: number, ms: number): number {
  const one = bucket(size, windowMs, 0)
  let count = 0
  for (let now = 0; now <= ms;) {
    const wait = take(one, now)
    if (wait === 0) count += 1
    now += wait
  }
  return count
}

test('in the long run no more passes than the limit, beyond the first burst', () => {
  expect(passed(80, 60_000, 60_000)).toBe(160)
  expect(passed(80, 60_000, 10 * 60_000)).toBe(80 + 10 * 80)
  expect(passed(500, 3_600_000, 3_600_000)).toBe(1_000)
})

test('a burst of writes leaves at once, and nothing leaves before the moment that GitHub named', async () => {
  const pace = createPace()
  const began = performance.now()
  for (let at = 0; at < 30; at++) {
    await pace.beforeRequest()
    await pace.beforeWrite()
  }
  expect(performance.now() - began).toBeLessThan(500)
  pace.pauseUntil(Date.now() + 60)
  pace.pauseUntil(Date.now() + 10)
  const paused = performance.now()
  await pace.beforeRequest()
  expect(performance.now() - paused).toBeGreaterThan(45)
})
