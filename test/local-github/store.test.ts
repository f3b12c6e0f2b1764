import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

import { createRateLimits } from '../../src/local-github/rate-limits.ts'
import { openStore } from '../../src/local-github/store.ts'

const label = (id: number, repositoryId: number, name: string) =>
  ({ id, repositoryId, name, color: '000000', description: null }) as const

test('records come back in the order of creation, of their repository, as last put', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'local-github-store-'))
  const file = join(folder, 'deeper/store.sqlite')
  const first = openStore(file)
  first.put('label', label(3, 1, 'a'))
  first.put('label', label(2, 2, 'elsewhere'))
  first.put('label', label(1, 1, 'b'))
  first.put('label', label(3, 1, 'renamed'))
  first.put('label', label(4, 1, 'gone'))
  first.remove('label', 4)
  expect([first.next('n'), first.next('n'), first.next('m')]).toEqual([1, 2, 1])
  const before = first.list('label', 1)
  first.close()
  // A request that was under way when the server stopped.
  first.put('label', label(5, 1, 'late'))
  const second = openStore(file)
  expect(second.list('label', 1)).toEqual(before)
  expect(second.list('label', 1).map(({ name }) => name)).toEqual(['renamed', 'b'])
  expect(second.list('label').length).toBe(3)
  expect(second.get('label', 4)).toBeUndefined()
  expect([second.next('n'), second.next('m')]).toEqual([3, 2])
  second.close()
  await rm(folder, { recursive: true })
})

test('an hour has 5000 requests, then begins anew', () => {
  let now = 1000
  const limits = createRateLimits(() => now)
  const caller = { kind: 'anonymous' } as const
  for (let request = 0; request < 5001; request += 1) limits.spend(caller)
  expect(limits.of(caller)).toEqual({ limit: 5000, used: 5001, remaining: 0, reset: 4600 })
  now = 4600
  expect(limits.of(caller)).toEqual({ limit: 5000, used: 0, remaining: 5000, reset: 8200 })
})
