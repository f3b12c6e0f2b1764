import type { Finding } from '../model.ts'
import { hiddenOrder } from './hidden-order.ts'
import { linkEscape, modeChange, nestedRepository } from './modes.ts'
import { caseCollisions, gitMetadata, unreadableName } from './names.ts'
import { plannedPaths, type Report } from './report.ts'
import { tooLarge, unplannedBinary } from './sizes.ts'
import type { TreeContext } from './validator.ts'

/** What a change does to the tree beyond text that people can read: links, repositories inside, modes, names, sizes. */
export async function structureFindings(context: TreeContext, fileLimit: number, report: Report): Promise<Finding[]> {
  const { plan, files, tree } = context
  const planned = plannedPaths(plan)
  const findings: (Finding | null)[] = caseCollisions(files, tree, report)
  for (const file of files) {
    context.signal.throwIfAborted()
    findings.push(
      await linkEscape(file, context, report),
      nestedRepository(file, report),
      modeChange(file, plan, report),
      gitMetadata(file, planned, report) ?? unreadableName(file, report),
      tooLarge(file, fileLimit, report),
      unplannedBinary(file, planned, report),
      await hiddenOrder(file, context, planned, report),
    )
  }
  return findings.filter((finding) => finding !== null)
}
