import { expect, test } from 'vitest'

import { expandMatrix, matrixLabel } from '../../../src/local-github/actions/matrix.ts'

test('a matrix is crossed, the last key varying fastest', () => {
  expect(expandMatrix({ os: ['linux', 'mac'], node: [20, 22] })).toEqual([
    { os: 'linux', node: 20 },
    { os: 'linux', node: 22 },
    { os: 'mac', node: 20 },
    { os: 'mac', node: 22 },
  ])
})

// The example of GitHub's documentation, "Expanding or adding matrix configurations".
test('include extends what it does not overwrite and adds the rest', () => {
  const matrix = {
    fruit: ['apple', 'pear'],
    animal: ['cat', 'dog'],
    include: [
      { color: 'green' },
      { color: 'pink', animal: 'cat' },
      { fruit: 'apple', shape: 'circle' },
      { fruit: 'banana' },
      { fruit: 'banana', animal: 'cat' },
    ],
  }
  expect(expandMatrix(matrix)).toEqual([
    { fruit: 'apple', animal: 'cat', color: 'pink', shape: 'circle' },
    { fruit: 'apple', animal: 'dog', color: 'green', shape: 'circle' },
    { fruit: 'pear', animal: 'cat', color: 'pink' },
    { fruit: 'pear', animal: 'dog', color: 'green' },
    { fruit: 'banana' },
    { fruit: 'banana', animal: 'cat' },
  ])
})

test('exclude takes out what it is a part of, before include adds', () => {
  const matrix = {
    os: ['linux', 'mac'],
    node: [20, 22],
    exclude: [{ os: 'mac', node: 20 }, { node: 22 }],
    include: [{ os: 'mac', node: 24 }],
  }
  expect(expandMatrix(matrix)).toEqual([
    { os: 'linux', node: 20 },
    { os: 'mac', node: 24 },
  ])
})

test('a matrix may consist of include alone, and an empty one is refused', () => {
  expect(expandMatrix({ include: [{ a: 1 }, { a: 2 }] })).toEqual([{ a: 1 }, { a: 2 }])
  expect(() => expandMatrix({ a: [] })).toThrow("Matrix vector 'a' does not contain any values")
  expect(() => expandMatrix({ a: [1], exclude: [{ a: 1 }] })).toThrow('at least one combination')
})

test('the values name the job, those of mappings too', () => {
  expect(matrixLabel({ node: 20, os: 'linux', more: { deep: [true, null] } })).toBe('20, linux, true')
})
