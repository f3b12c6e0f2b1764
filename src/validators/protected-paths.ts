import picomatch from 'picomatch'
import type { Finding } from '../model.ts'
import { plannedPaths, reporter } from './report.ts'
import { structureFindings } from './structure.ts'
import type { Validator, ValidatorOptions } from './validator.ts'

/** Places that need an approval of their own, and what a change does to the tree beyond text. */
export function protectedPathsValidator({ gate, protectedPaths, fileLimit }: ValidatorOptions): Validator {
  const report = reporter(gate)
  const isProtected = picomatch(protectedPaths, { dot: true })
  return {
    name: 'protected-paths',
    async review(context) {
      const { plan, files } = context
      const planned = plannedPaths(plan)
      const approved = new Set(plan.protectedPaths)
      const findings: Finding[] = await structureFindings(context, fileLimit, report)
      for (const file of files) {
        context.signal.throwIfAborted()
        for (const path of file.from === undefined ? [file.path] : [file.path, file.from]) {
          if (protectedPaths.length > 0 && isProtected(path) && !approved.has(path)) {
            findings.push(
              report(
                'error',
                'protected-path',
                path,
                'The path is protected, and the approved plan does not list it among the protected paths it touches.',
                'Leave the file as it is, or make a plan that names it and have that approved.',
              ),
            )
          }
          if (isWorkflow(path)) {
            findings.push(
              report(
                planned.has(path) ? 'warning' : 'error',
                'workflow-changed',
                path,
                planned.has(path)
                  ? 'What GitHub Actions runs is changed, as planned.'
                  : 'What GitHub Actions runs is changed, and the plan does not say so.',
                'Check what the workflow runs, with which permissions and secrets.',
              ),
            )
          }
        }
      }
      return findings
    },
  }
}

function isWorkflow(path: string): boolean {
  return /^\.github\/(workflows|actions)\//.test(path) || /(^|\/)action\.ya?ml$/.test(path)
}
