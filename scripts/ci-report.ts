import { readFileSync } from 'node:fs'
import { relative } from 'node:path'

/*
 * Reads vitest's JSON reports for .ci/run. `failed REPORT` prints the test files that failed, a line each; `summary REPORT
 * SECOND BROKEN` prints "N passed, N failed", where files that were run a second time count as they ended then, and BROKEN
 * is the number of other checks that failed.
 */
type File = { name: string; status: string; assertionResults: { status: string }[] }

function filesOf(path: string): File[] {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { testResults?: File[] }).testResults ?? []
  } catch {
    return []
  }
}

const [what, first = '', second = '', checks = '0'] = process.argv.slice(2)
const files = filesOf(first)
if (what === 'failed') {
  const failed = files.filter(({ status }) => status === 'failed').map(({ name }) => relative(process.cwd(), name))
  process.stdout.write(failed.map((name) => `${name}\n`).join(''))
} else {
  const again = new Map(filesOf(second).map((file) => [file.name, file]))
  const counted = files.map((file) => again.get(file.name) ?? file)
  const results = counted.flatMap(({ assertionResults }) => assertionResults)
  const passed = results.filter(({ status }) => status === 'passed').length
  // A file that failed as a whole has no test to count, so it counts as one.
  const broken = counted.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length
  const failed =
    results.filter(({ status }) => status === 'failed').length + broken + Number(checks) + (files.length === 0 ? 1 : 0)
  process.stdout.write(`${passed} passed, ${failed} failed\n`)
}
