import { expect, test } from 'vitest'

import { parseWorkflow } from '../../../src/local-github/actions/parse-workflow.ts'

const path = '.github/workflows/a.yml'

function errorOf(text: string): string {
  const parsed = parseWorkflow({ path, text })
  return parsed.ok ? 'no error' : parsed.error
}

const body = (lines: string) => `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n${lines}`

test('a workflow without a name is called by its path', () => {
  const parsed = parseWorkflow({ path, text: body('    steps: [{ run: ls }]') })
  expect(parsed.ok && parsed.workflow.name).toBe(path)
})

const faults: [what: string, text: string, error: string | RegExp][] = [
  ['is no YAML', 'on: [push\njobs: 1', /^\(Line: 2, Col: 1\): /],
  ['is empty', '', /mapping was expected/],
  ['has a key twice', 'on: push\non: pull_request\n', /^\(Line: 2, Col: 1\): .*unique/],
  ['has no on', 'jobs: { a: { runs-on: x, steps: [{ run: ls }] } }', "Required property is missing: 'on'"],
  ['has no jobs', 'on: push\njobs: {}\n', '(Line: 2, Col: 7): There must be at least one job'],
  ['asks for an unknown event', 'on: pushes\njobs: {}\n', "(Line: 1, Col: 5): Unexpected value 'pushes'"],
  ['has an unknown key', body('    step: []'), "(Line: 5, Col: 11): Unexpected value 'step'"],
  ['has a step that does nothing', body('    steps:\n      - name: idle'), /Either `run` or `uses`/],
  ['has a step that does two things', body('    steps:\n      - run: ls\n        uses: a/b@v1'), /not both/],
  [
    'uses an id twice',
    body('    steps: [{ id: x, run: ls }, { id: X, run: ls }]'),
    /'X' may not be used more than once/,
  ],
  ['needs a job that is not there', body('    needs: b\n    steps: [{ run: ls }]'), /depends on unknown job 'b'/],
  [
    'has a circle of jobs',
    'on: push\njobs:\n  a: { needs: b, runs-on: x, steps: [{ run: ls }] }\n  b: { needs: a, runs-on: x, steps: [{ run: ls }] }',
    /'a' depends on itself/,
  ],
  [
    'has two forms of one filter',
    'on: { push: { paths: [a], paths-ignore: [b] } }\njobs: {}',
    /only define one of `paths`/,
  ],
  [
    'has a broken expression',
    body('    steps: [{ run: "echo ${{ github.sha == }}" }]'),
    /Unexpected end of expression/,
  ],
  ['has an open expression', body('    steps: [{ run: "echo ${{ github.sha" }]'), /has no `}}`/],
  [
    'reads secrets in an if',
    body('    if: secrets.KEY\n    steps: [{ run: ls }]'),
    /Unrecognized named-value: 'secrets'/,
  ],
  [
    'reads steps in a job name',
    body('    name: ${{ steps.a.outputs.b }}\n    steps: [{ run: ls }]'),
    /Unrecognized named-value: 'steps'/,
  ],
  ['calls an unknown function', body('    if: maybe()\n    steps: [{ run: ls }]'), /Unrecognized function: 'maybe'/],
  [
    'grants an unknown level',
    body('    permissions: { contents: all }\n    steps: [{ run: ls }]'),
    /Unexpected value 'all'/,
  ],
]

for (const [what, text, error] of faults) {
  test(`a file that ${what} is refused with the reason`, () => {
    expect(errorOf(text)).toMatch(error)
  })
}
