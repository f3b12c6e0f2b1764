import type { Finding, MeasuredFile } from '../model.ts'
import type { Report } from './report.ts'
import type { TreeContext } from './validator.ts'

/** Controls that show a line in another order than it is read in ("Trojan Source", CVE-2021-42574). */
const REORDERING = /[\u202A-\u202E\u2066-\u2069]/

/** Lines that do not say what they show. In a file that people approved line by line they are pointed out, else they block. */
export async function hiddenOrder(
  file: MeasuredFile,
  context: Pick<TreeContext, 'read' | 'readBase'>,
  planned: Set<string>,
  report: Report,
): Promise<Finding | null> {
  const { path, from, kind } = file
  if (file.binary || file.additions === 0 || kind === 'remove') return null
  const text = (await context.read(path)) ?? ''
  if (!REORDERING.test(text)) return null
  const old = new Set(kind === 'create' ? [] : (await context.readBase(from ?? path))?.split('\n'))
  const line = text.split('\n').findIndex((each) => REORDERING.test(each) && !old.has(each)) + 1
  if (line === 0) return null
  const message = 'The line has invisible characters by which it reads otherwise than it looks.'
  const severity = planned.has(path) ? 'warning' : 'error'
  return report(severity, 'hidden-text', path, message, 'Write them as escapes, or leave them out.', line)
}
