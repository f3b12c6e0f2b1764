import { describe, expect, test } from 'vitest'
import { ownersOf, readOwners } from '../../src/planning/owners.ts'
import { filterPattern, matchesPattern } from '../../src/planning/pattern.ts'

// Rows of GitHub's filter pattern cheat sheet.
test.each([
  ['feature/*', 'feature/my-branch', true],
  ['feature/*', 'feature/beta-a/my-branch', false],
  ['feature/**', 'feature/beta-a/my-branch', true],
  ['main', 'main', true],
  ['main', 'mainline', false],
  ['*', 'releases', true],
  ['*', 'all/the/branches', false],
  ['**', 'all/the/branches', true],
  ['*feature', 'my-feature', true],
  ['v2*', 'v2.9', true],
  ['v[12].[0-9]+.[0-9]+', 'v1.10.1', true],
  ['v[12].[0-9]+.[0-9]+', 'v3.0.0', false],
  ['*.jsx?', 'page.js', true],
  ['*.jsx?', 'page.jsx', true],
  ['**.js', 'src/js/app.js', true],
  ['docs/*', 'docs/mona/hello.txt', false],
  ['docs/**/*.md', 'docs/README.md', true],
  ['docs/**/*.md', 'docs/a/markdown/file.md', true],
  ['**/docs/**', 'dir/docs/my-file.txt', true],
  ['**/docs/**', 'docs/hello.md', true],
  ['**/README.md', 'README.md', true],
  ['**/README.md', 'js/README.md', true],
  ['**/*src/**', 'my-src/code/js/app.js', true],
  ['**/*-post.md', 'path/their-post.md', true],
  ['**/migrate-*.sql', 'db/sept/migrate-v1.sql', true],
  ['a\\*b', 'a*b', true],
  ['a\\*b', 'axb', false],
])('GATE1-1 the workflow filter %s on %s is %s', (pattern, text, matches) => {
  expect(matchesPattern(filterPattern(pattern), text)).toBe(matches)
})

test('GATE1-1 a filter made to stall the service is matched in no time', () => {
  const began = performance.now()
  expect(matchesPattern(filterPattern('**a*'.repeat(60) + 'b'), 'a'.repeat(1_000))).toBe(false)
  expect(performance.now() - began).toBeLessThan(2_000)
})

describe('PLAN-2 owners', () => {
  const rules = readOwners(
    [
      '# everybody',
      '*       @global/owners',
      '*.js    @js-owner #inline',
      '*.go docs@example.com',
      '/build/logs/ @doctocat',
      'docs/*  docs@example.com',
      'apps/ @octocat',
      '/scripts/ @doctocat @octocat',
      '**/logs @octocat',
      '/apps/github',
      'with\\ space.txt @spacer',
      '!negated @nobody',
      '[a-z].x @nobody',
    ].join('\n'),
  )
  test.each([
    ['README', ['@global/owners']],
    ['src/a.js', ['@js-owner']],
    ['cmd/main.go', ['docs@example.com']],
    ['docs/getting-started.md', ['docs@example.com']],
    ['docs/build-app/troubleshooting.md', ['@global/owners']],
    ['nested/apps/x.txt', ['@octocat']],
    ['apps/github/x.txt', []],
    ['scripts/deep/x.txt', ['@doctocat', '@octocat']],
    ['deeply/nested/logs/x.txt', ['@octocat']],
    ['with space.txt', ['@spacer']],
    ['a.x', ['@global/owners']],
  ])('PLAN-2 %s is owned by %j', (path, owners) => {
    expect(ownersOf([path], rules)).toEqual(owners)
  })
})
