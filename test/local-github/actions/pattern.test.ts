import { expect, test } from 'vitest'

import { matchesPattern } from '../../../src/local-github/actions/pattern.ts'

// The examples of GitHub's own "Filter pattern cheat sheet", and names beside them that do not fit.
const cases: [pattern: string, fits: string[], others: string[]][] = [
  ['feature/*', ['feature/my-branch', 'feature/your-branch'], ['feature/beta-a/my-branch', 'feature']],
  ['feature/**', ['feature/beta-a/my-branch', 'feature/your-branch', 'feature/mona/the/octocat'], ['features/x']],
  ['releases/mona-the-octocat', ['releases/mona-the-octocat'], ['releases/mona-the-octocat2']],
  ['*', ['main', 'releases'], ['all/the/branches']],
  ['**', ['all/the/branches', 'every/tag', ''], []],
  ['*feature', ['mona-feature', 'feature', 'ver-10-feature'], ['feature-x', 'a/feature']],
  ['v2*', ['v2', 'v2.0', 'v2.9'], ['v1', 'v2/x']],
  ['v[12].[0-9]+.[0-9]+', ['v1.10.1', 'v2.0.0'], ['v3.0.0', 'v1..1', 'v1x10x1']],
  ['*.jsx?', ['page.js', 'page.jsx'], ['page.jsxx', 'src/page.js']],
  ['*.js', ['app.js', 'index.js', '.js'], ['src/app.js']],
  ['**.js', ['index.js', 'js/index.js', 'src/js/app.js'], ['index.jsx']],
  ['docs/*', ['docs/README.md', 'docs/file.txt'], ['docs/a/b.md']],
  [
    'docs/**/*.md',
    ['docs/README.md', 'docs/mona/hello-world.md', 'docs/a/markdown/file.md'],
    ['xdocs/a.md', 'docs.md'],
  ],
  ['**/docs/**', ['docs/hello.md', 'dir/docs/my-file.txt', 'space/docs/plan/space.doc'], ['dir/xdocs/file']],
  ['**/README.md', ['README.md', 'js/README.md'], ['js/xREADME.md']],
  ['**/*src/**', ['a/src/app.js', 'my-src/code/js/app.js'], ['src.js']],
  ['**/migrate-*.sql', ['migrate-10909.sql', 'db/migrate-v1.0.sql', 'db/sept/migrate-v1.sql'], ['db/xmigrate-1.sql']],
  ['a\\*b', ['a*b'], ['axb']],
  ['a+b?', ['a', 'aaab'], ['b', 'abb']],
]

for (const [pattern, fits, others] of cases) {
  test(`the pattern ${pattern} fits what GitHub says and nothing else`, () => {
    expect(fits.filter((name) => !matchesPattern(pattern, name))).toEqual([])
    expect(others.filter((name) => matchesPattern(pattern, name))).toEqual([])
  })
}

test('a pattern that would make a backtracking matcher slow is answered at once', () => {
  const started = performance.now()
  expect(matchesPattern('**a'.repeat(40), `${'a'.repeat(4000)}b`)).toBe(false)
  expect(performance.now() - started).toBeLessThan(2000)
})
