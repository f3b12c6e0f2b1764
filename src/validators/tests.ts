import type { Finding, GateName, MeasuredFile } from '../model.ts'
import { plannedPaths, reporter, type Report } from './report.ts'
import type { ReviewContext, Validator } from './validator.ts'

/** Ways to have fewer tests run without removing them. */
const SILENCERS: { what: string; pattern: RegExp }[] = [
  {
    what: 'runs only some tests',
    pattern: /\b(?:describe|context|suite|it|test|bench)(?:\.\w+)*\.only\b|\b(?:fit|fdescribe)\s*\(/,
  },
  {
    what: 'skips tests',
    pattern:
      /\b(?:describe|context|suite|it|test|bench)(?:\.\w+)*\.(?:skip|todo|fails|skipIf|runIf)\b|\bx(?:it|test|describe)\s*\(/,
  },
  {
    what: 'skips tests',
    pattern: /@pytest\.mark\.(?:skip|skipif|xfail)\b|@unittest\.skip|\bpytest\.skip\(|\bt\.Skip(?:f|Now)?\(/,
  },
  { what: 'skips tests', pattern: /@(?:Disabled|Ignore)\b|#\[ignore\b|\bskip_test\b|\bpending\s*\(/ },
]

const ASSERTION = /\b(?:expect|assert\w*|should|t\.(?:Error|Fatal)f?|require\.\w+)\b/

/**
 * Changes that let tests pass because less is tested. What an agent does to tests that nobody planned blocks; what people
 * approved line by line, or pushed themselves, is pointed out. Rewriting an expectation is not seen: people must read those.
 */
export function testsValidator(gate: GateName): Validator {
  const report = reporter(gate)
  return {
    name: 'tests',
    async review(context) {
      const planned = plannedPaths(context.plan)
      const byAgents = context.plan.tasks.some(({ exact, agent }) => !exact && agent !== 'human')
      const severityOf = (path: string) => (byAgents && !planned.has(path) ? 'error' : 'warning')
      const findings: Finding[] = []
      for (const file of context.files) {
        context.signal.throwIfAborted()
        if (isTest(file.from ?? file.path)) findings.push(...(await judge(file, context, planned, severityOf, report)))
        else if (isTest(file.path)) {
          const after = (await context.read(file.path)) ?? ''
          findings.push(...weakened(file.path, '', after, severityOf(file.path), report))
        }
      }
      return findings
    },
  }
}

export function isTest(path: string): boolean {
  const name = path.split('/').at(-1) ?? ''
  if (/\.(?:test|spec)\.\w+$/.test(name) || /(?:^test_\w+|_test|_spec)\.(?:py|go|rb|exs|dart)$/.test(name)) return true
  if (/Tests?\.(?:java|kt|cs|scala|swift|php)$/.test(name)) return true
  return /(?:^|\/)(?:__tests__|tests?|spec)\/(?:.*\/)?[^/]+\.(?:[cm]?[jt]sx?|py|rb|rs|go|java|kt|cs|php)$/.test(path)
}

async function judge(
  { path, from, kind }: MeasuredFile,
  context: ReviewContext,
  planned: Set<string>,
  severityOf: (path: string) => Finding['severity'],
  report: Report,
): Promise<Finding[]> {
  if (kind === 'remove' || !isTest(path)) {
    const gone = kind === 'remove' ? path : (from ?? path)
    const listed = planned.has(gone)
    const message = `The test file is ${kind === 'remove' ? 'removed' : 'made something else'}${listed ? ', as planned' : ', and the plan does not say so'}.`
    const remedy = 'Keep the tests, or say in the plan why they go.'
    return [report(listed ? 'warning' : 'error', 'test-weakened', gone, message, remedy)]
  }
  const before = kind === 'create' ? '' : ((await context.readBase(from ?? path)) ?? '')
  return weakened(path, before, (await context.read(path)) ?? '', severityOf(path), report)
}

function weakened(
  path: string,
  before: string,
  after: string,
  severity: Finding['severity'],
  report: Report,
): Finding[] {
  const [old, fresh] = [before.split('\n'), after.split('\n')]
  const known = new Set(old)
  const findings: Finding[] = []
  for (const { what, pattern } of SILENCERS) {
    if (count(fresh, pattern) <= count(old, pattern)) continue
    const line = fresh.findIndex((text) => pattern.test(text) && !known.has(text)) + 1
    const message = `The test file ${what} where it did not before.`
    const remedy = 'Have all tests run, or say in the plan why some do not.'
    findings.push(report(severity, 'test-weakened', path, message, remedy, line > 0 ? line : undefined))
  }
  const lost = count(old, ASSERTION) - count(fresh, ASSERTION)
  if (lost > 0) {
    const message = `The test file asserts less: ${lost} ${lost === 1 ? 'line' : 'lines'} with assertions fewer than before.`
    findings.push(report(severity, 'test-weakened', path, message, 'Read what is not asserted any more.'))
  }
  return findings
}

function count(lines: string[], pattern: RegExp): number {
  return lines.filter((line) => pattern.test(line)).length
}
