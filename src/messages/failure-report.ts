import type { Certificate, Finding, Outcome, Phase, PhaseRecord } from '../model.ts'
import { certificateSection } from './certificate.ts'
import { comment, joined } from './comment.ts'
import { codeSpan, fence, inline, link } from './escape.ts'
import { bullets, details, findingList, plural, section } from './layout.ts'
import type { Links } from './links.ts'
import { linkLine } from './links.ts'
import { nextText, phaseLabel, phaseTable } from './phases.ts'
import type { Words } from './words.ts'

/** A piece of a log that shows the cause. */
export type LogExcerpt = { title: string; url: string | null; text: string }

/** Everything that the failure report tells (OUT-4). */
export type FailureReport = {
  codename: string
  title: string
  requester: string
  outcome: Outcome
  /** The phase in which it failed. */
  phase: Phase
  /** The phases that succeeded before. */
  phases: PhaseRecord[]
  fixes: number
  findings: Finding[]
  /** The cause in a sentence or two, as far as it could be told. */
  cause: string
  excerpts: LogExcerpt[]
  certificate: Certificate | null
  /** Updates that waited behind this one and were cleared. */
  cleared: { codename: string; issue: number }[]
  links: Links
}

const MOST_EXCERPTS = 5
const LONGEST_EXCERPT = 4_000

/** The report without its comment: it also ends the status comment. */
export function failureReportSection(report: FailureReport): string {
  const { phases, phase, findings, certificate, cleared, excerpts } = report
  const done = phases.length === 0 ? 'Nothing was done before' : `${plural(phases.length, 'phase')} succeeded before`
  const waiting = cleared.map(({ codename, issue }) => `${codeSpan(codename)}, issue #${issue}`)
  return joined([
    '## Failure report',
    `${inline(report.title)} ended as **${report.outcome}** at: ${phaseLabel(phase)}. ${done}; ${plural(report.fixes, 'fix round')}.`,
    section(
      'Cause',
      joined([inline(report.cause, 2_000), findingList(findings), ...excerpts.slice(0, MOST_EXCERPTS).map(excerpt)]),
    ),
    certificate === null ? null : certificateSection(certificate),
    section('Cleared from the queue', bullets(waiting)),
    details('What succeeded', phaseTable(phases)),
    linkLine(report.links),
  ])
}

export function renderFailureReport(report: FailureReport, words: Words): string {
  const { codename, requester, title, phase } = report
  const said = words('failure', { codename, requester, title, phase: phaseLabel(phase) })
  return comment('failure-report', codename, [
    said,
    failureReportSection(report),
    `**Next**: ${nextText('finished', report.outcome)}`,
  ])
}

/** The end of a log says why it ended; its beginning is left out first. */
function excerpt({ title, url, text }: LogExcerpt): string {
  const from =
    text.length <= LONGEST_EXCERPT
      ? 0
      : text.indexOf('\n', text.length - LONGEST_EXCERPT) + 1 || text.length - LONGEST_EXCERPT
  return `${link(inline(title), url)}:\n\n${fence(text.slice(from), 'text')}`
}
