import type { Calibration } from '../planning/calibration.ts'
import { joined } from './comment.ts'
import { codeSpan } from './escape.ts'
import { details, plural, table } from './layout.ts'
import { timeText } from './time.ts'

const SHOWN = 10

/** How well plans of a repository have predicted so far, and the error over time; `null` before there was one. */
export function calibrationPart(known: Calibration): string | null {
  if (known.updates === 0) return null
  const rows = known.overTime
    .slice(-SHOWN)
    .map(({ codename, at, error, withinP90 }) => [
      codeSpan(codename),
      timeText(at),
      errorText(error),
      withinP90 ? 'yes' : 'no',
    ])
  return joined([
    `${calibrationText(known)}.`,
    details('The error over time', table(['Update', 'Ended', 'Time against P50', 'Within P90'], rows)),
  ])
}

/** The same in one line of plain text. */
export function calibrationText({ updates, withinP90, medianError, precision, recall }: Calibration): string {
  const parts = [
    medianError === null ? null : `time against the P50 in the median ${errorText(medianError)}`,
    withinP90 === null ? null : `${share(withinP90)} within the P90`,
    precision === null ? null : `${share(precision)} of the files named beforehand changed`,
    recall === null ? null : `${share(recall)} of the changed files were named beforehand`,
  ]
  return `${plural(updates, 'finished update')} here so far: ${parts.filter((part) => part !== null).join(', ')}`
}

/** An error as people say it: `+12 %` took longer than predicted, `−5 %` shorter. */
export function errorText(error: number): string {
  const percent = Math.round(error * 100)
  if (percent === 0) return '±0 %'
  return percent > 0 ? `+${percent} %` : `−${-percent} %`
}

const share = (part: number) => `${Math.round(part * 100)} %`
