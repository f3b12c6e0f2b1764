import type { FileChange, JudgedCriterion, PhaseRecord, TreePoint } from '../model.ts'
import type { Calibration } from '../planning/calibration.ts'
import { calibrationPart } from './calibration.ts'
import { comment, joined } from './comment.ts'
import { criterionText } from './criteria.ts'
import { codeCell, codeSpan, inline, link, mentions } from './escape.ts'
import { fileTable } from './files.ts'
import { bullets, details, plural, section, table } from './layout.ts'
import type { Links } from './links.ts'
import { linkLine } from './links.ts'
import { phaseTable } from './phases.ts'
import { durationText } from './time.ts'
import type { Words } from './words.ts'

/** What one validator, check or probe said in the end. */
export type Validation = { round: '1' | '2' | 'soak'; name: string; passed: boolean; detail: string; url?: string }

/** Predicted against actual (PLAN-14); durations are ms. */
type Accuracy = {
  /** `open`: some tasks were in words, and their files not known beforehand. */
  files: { predicted: string[]; actual: string[]; open: boolean }
  tasks: { predicted: number; actual: number }
  duration: { p50: number; p90: number; actual: number }
}

/** Everything that the change report tells (OUT-3). */
export type ChangeReport = {
  codename: string
  title: string
  requester: string
  approvedBy: string[]
  files: FileChange[]
  merged: TreePoint
  /** `null` when nothing is deployed. */
  deployment: { environment: string; sha: string; detail: string; url: string | null } | null
  validations: Validation[]
  criteria: JudgedCriterion[]
  accuracy: Accuracy
  /** How well plans of this repository have predicted, with this one. */
  calibration: Calibration
  phases: PhaseRecord[]
  fixes: number
  /** What agents said that they did and spent: a text of others. `fix` is 0 for the first try of a task. */
  accounts: { agent: string; task: number; fix: number; said: string }[]
  links: Links
}

/** The report without its comment: it also ends the status comment. */
export function changeReportSection(report: ChangeReport): string {
  const { files, validations, criteria, deployment, approvedBy } = report
  const lines = files.reduce((sum, file) => ({ more: sum.more + file.additions, less: sum.less + file.deletions }), {
    more: 0,
    less: 0,
  })
  const changed = `${plural(files.length, 'file')}, +${lines.more} −${lines.less}, merged as ${codeSpan(report.merged.commit.slice(0, 12))}`
  const served =
    deployment === null
      ? ''
      : `, in service in ${link(inline(deployment.environment), deployment.url)}: ${inline(deployment.detail)}`
  const approved = approvedBy.length === 0 ? '' : `, approved by ${mentions(approvedBy)}`
  const met = criteria.filter((each) => each.met).length
  return joined([
    '## Change report',
    `${inline(report.title)}: ${changed}${served}.`,
    `Requested by ${inline(report.requester)}${approved}. ${plural(report.fixes, 'fix round')}.`,
    section(`Success criteria: ${met} of ${criteria.length} met`, bullets(criteria.map(criterionItem))),
    section('Validations', validationTable(validations)),
    section(
      'The plan against what happened',
      joined([accuracyTable(report.accuracy), calibrationPart(report.calibration)]),
    ),
    details('What the agents said', bullets(report.accounts.map(accountItem))),
    details('Files', fileTable(files)),
    details('Phases', phaseTable(report.phases)),
    linkLine(report.links),
  ])
}

export function renderChangeReport(report: ChangeReport, words: Words): string {
  const { codename, requester, title } = report
  return comment('change-report', codename, [
    words('success', { codename, requester, title }),
    changeReportSection(report),
  ])
}

function accountItem({ agent, task, fix, said }: ChangeReport['accounts'][number]): string {
  return `Task ${task}${fix === 0 ? '' : `, fix ${fix}`}, ${inline(agent)}: ${inline(said, 1_000)}`
}

function criterionItem({ criterion, met, evidence }: JudgedCriterion): string {
  return `${met ? '✅' : '❌'} ${criterionText(criterion)} — ${inline(evidence)}`
}

function validationTable(validations: Validation[]): string | null {
  const rows = validations.map(({ round, name, passed, detail, url }) => {
    return [
      round === 'soak' ? 'soak' : `round ${round}`,
      link(codeCell(name), url),
      passed ? '✅ passed' : '❌ failed',
      inline(detail),
    ]
  })
  return table(['When', 'What', 'Result', 'Detail'], rows)
}

function accuracyTable({ files, tasks, duration }: Accuracy): string | null {
  const unforeseen = files.actual.filter((path) => !files.predicted.includes(path)).length
  const untouched = files.predicted.filter((path) => !files.actual.includes(path)).length
  const beyond = files.open ? `${unforeseen} of tasks in words` : `${unforeseen} unforeseen`
  const differ = unforeseen + untouched === 0 ? 'the same' : `${beyond}, ${untouched} not touched`
  const inTime = duration.actual <= duration.p90 ? 'within the estimate' : 'longer than estimated'
  return table(
    ['', 'Planned', 'Actual', ''],
    [
      ['Files', String(files.predicted.length), String(files.actual.length), differ],
      [
        'Tasks',
        String(tasks.predicted),
        String(tasks.actual),
        tasks.predicted === tasks.actual ? 'the same' : 'different',
      ],
      ['Time', `${durationText(duration.p50)} to ${durationText(duration.p90)}`, durationText(duration.actual), inTime],
    ],
  )
}
