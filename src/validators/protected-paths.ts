import picomatch from 'picomatch'
import type { Finding } from '../model.ts'
import { caseCollisions, gitMetadata } from './names.ts'
import { linkEscape, modeChange, nestedRepository } from './modes.ts'
import { plannedPaths, reporter } from './report.ts'
import { tooLarge, unplannedBinary } from './sizes.ts'
import type { Validator, ValidatorOptions } from './validator.ts'

/** What a change does to the tree beyond text: places that need an approval of their own, links, modes, names, sizes. */
export function protectedPathsValidator({ gate, protectedPaths, fileLimit }: ValidatorOptions): Validator {
  const report = reporter(gate)
  const isProtected = picomatch(protectedPaths, { dot: true })
  return {
    name: 'protected-paths',
    async review(context) {
      const { plan, files, tree } = context
      const planned = plannedPaths(plan)
      const approved = new Set(plan.protectedPaths)
      const findings: (Finding | null)[] = caseCollisions(files, tree, report)
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
        findings.push(
          await linkEscape(file, context, report),
          nestedRepository(file, report),
          modeChange(file, plan, report),
          gitMetadata(file, planned, report),
          tooLarge(file, fileLimit, report),
          unplannedBinary(file, planned, report),
        )
      }
      return findings.filter((finding) => finding !== null)
    },
  }
}

function isWorkflow(path: string): boolean {
  return /^\.github\/(workflows|actions)\//.test(path) || /(^|\/)action\.ya?ml$/.test(path)
}
