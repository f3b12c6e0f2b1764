import type { Finding, GateName } from '../model.ts'
import { advisoryFindings } from './advisories.ts'
import { isLockFile, lockFileFindings } from './lock-files.ts'
import { manifestFindings } from './manifests.ts'
import { plannedPaths, reporter } from './report.ts'
import type { Validator } from './validator.ts'

/** What the change does to the packages a repository is built from, and whether installing them runs new code. */
export function dependenciesValidator(gate: GateName): Validator {
  const report = reporter(gate)
  return {
    name: 'dependencies',
    async review(context) {
      const planned = plannedPaths(context.plan)
      const findings: Finding[] = []
      for (const { path, from, kind } of context.files) {
        context.signal.throwIfAborted()
        const name = path.split('/').at(-1) ?? ''
        if (name !== 'package.json' && !isLockFile(path)) continue
        const before = kind === 'create' ? null : await context.readBase(from ?? path)
        const after = kind === 'remove' ? null : await context.read(path)
        if (name === 'package.json') findings.push(...manifestFindings(path, before, after, report))
        else findings.push(...lockFileFindings({ path, before, after }, planned, report))
      }
      return [...findings, ...advisoryFindings(context.advisories, gate)]
    },
  }
}
