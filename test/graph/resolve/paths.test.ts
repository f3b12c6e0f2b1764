import { posix } from 'node:path'

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { joinPath } from '../../../src/graph/resolve/paths.ts'

const segment = fc.constantFrom('a', 'b.ts', '..', '.', '', '.hidden', '...', 'c')
const directory = fc.array(fc.constantFrom('x', 'y', 'z.d'), { maxLength: 3 }).map((parts) => parts.join('/'))
const path = fc.array(segment, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/'))

test('joining a path is what the platform makes of it, within the repository', () => {
  fc.assert(
    fc.property(directory, path, (from, to) => {
      const joined = posix.join('/repository', from, to).replace(/(.)\/$/, '$1')
      // What leaves the repository, even to come back, is told by how many steps up go beyond its root.
      const inside = !/^\.\.(?:\/|$)/.test(posix.join(from || '.', to)) && !to.startsWith('/')
      expect(joinPath(from, to)).toBe(inside ? joined.slice('/repository/'.length) : null)
    }),
    { numRuns: 2_000 },
  )
})
