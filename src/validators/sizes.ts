import type { Finding, MeasuredFile } from '../model.ts'
import type { Report } from './report.ts'

export function tooLarge({ path, size }: MeasuredFile, limit: number, report: Report): Finding | null {
  if (size <= limit) return null
  const message = `The file has ${size} bytes, more than the ${limit} that limits.file allows.`
  return report('error', 'file-too-large', path, message, 'Keep it out of the repository, or raise limits.file.')
}

export function unplannedBinary(
  { path, binary, kind }: MeasuredFile,
  planned: Set<string>,
  report: Report,
): Finding | null {
  if (!binary || kind === 'remove' || planned.has(path)) return null
  const message = 'The file is binary, so nobody can review it, and the plan does not name it.'
  return report('error', 'binary-unplanned', path, message, 'Leave it out, or make a plan that names it.')
}
