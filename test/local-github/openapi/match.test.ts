import { expect, test } from 'vitest'

import { match } from '../../../src/local-github/openapi/match.ts'

test.each([
  ['GET', '/repos/o/r/issues/comments', 'issues/list-comments-for-repo', { owner: 'o', repo: 'r' }],
  ['GET', '/repos/o/r/issues/12', 'issues/get', { owner: 'o', repo: 'r', issue_number: '12' }],
  ['GET', '/repos/o/r/contents', 'repos/get-content', { owner: 'o', repo: 'r', path: '' }],
  ['GET', '/repos/o/r/contents/a%20b/c', 'repos/get-content', { owner: 'o', repo: 'r', path: 'a b/c' }],
  ['GET', '/repos/o/r/commits/feat%2Fx/check-runs', 'checks/list-for-ref', { owner: 'o', repo: 'r', ref: 'feat/x' }],
  [
    'GET',
    '/repos/o/r/branches/feat/x/protection',
    'repos/get-branch-protection',
    { owner: 'o', repo: 'r', branch: 'feat/x' },
  ],
  ['GET', '/repos/o/r/releases/latest', 'repos/get-latest-release', { owner: 'o', repo: 'r' }],
  ['GET', '/users/gardener%5Bbot%5D', 'users/get-by-username', { username: 'gardener[bot]' }],
] as const)('%s %s is %s', (method, path, id, params) => {
  const found = match(method, path)
  expect(found).toMatchObject({ ok: true, operation: { id } })
  expect(found.ok && found.params).toEqual(params)
})

test('a slash stays within the parameters that may hold one, and broken escapes name nothing', () => {
  expect(match('GET', '/repos/o/r/x/labels')).toMatchObject({ ok: false })
  expect(match('GET', '/repos/o/r/labels/%E0%A4%A')).toEqual({ ok: false, known: false })
  expect(match('DELETE', '/repos/o/r/labels')).toEqual({ ok: false, known: true })
})
