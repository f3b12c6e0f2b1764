import { calibrationText } from '../../messages/calibration.ts'
import type { RehearsalDocument } from './document.ts'

/** What a rehearsal came to, for people: one paragraph an update, then what it cost. */
export function summary({ updates, api, audit, accuracy }: RehearsalDocument): string {
  const paragraphs = updates.map((update) => {
    const seconds = update.phases.reduce((sum, phase) => sum + phase.ms, 0) / 1000
    const lines = [
      `#${update.issue} ${update.codename}: ${update.outcome} (${seconds.toFixed(1)} s)`,
      `  planned ${update.predicted.files.join(', ') || 'nothing'}; changed ${update.actual.files.join(', ') || 'nothing'}`,
      ...update.findings.map(({ severity, message }) => `  ${severity}: ${message}`),
      ...(update.certificate ? [`  restoration ${update.certificate.restoration}, proved by a certificate`] : []),
    ]
    return lines.join('\n')
  })
  const chain = audit.verified ? 'verified' : 'BROKEN'
  const cost = `${api.requests} requests, ${api.contentCreating} of them creating content; ${audit.events} audit events, chain ${chain}`
  const plans = accuracy.updates === 0 ? [] : [calibrationText(accuracy)]
  return [...paragraphs, ...plans, cost].join('\n\n')
}
