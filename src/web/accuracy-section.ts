import { escapeHtml } from './escape-html.ts'

/**
 * How well the plans of a repository have predicted, over its finished updates, oldest first. `error` is actual time / P50 - 1;
 * shares are from 0 to 1, `null` where there is nothing to take a share of.
 */
export type RepositoryAccuracy = {
  repo: string
  updates: number
  withinP90: number | null
  medianError: number | null
  precision: number | null
  recall: number | null
  overTime: { codename: string; at: string; error: number; withinP90: boolean }[]
}

const MOST_BARS = 60
const BAR = 8
const HALF = 40

/** How well plans have predicted, a row for each repository with its error over time; empty before anything was finished. */
export function accuracySection(accuracies: RepositoryAccuracy[]): string {
  if (accuracies.length === 0) return ''
  const rows = accuracies.map((accuracy) => {
    const { repo, updates, medianError, withinP90, precision, recall } = accuracy
    const cells = [
      escapeHtml(repo),
      String(updates),
      medianError === null ? '' : signed(medianError),
      shareText(withinP90),
      shareText(precision),
      shareText(recall),
      bars(accuracy.overTime),
    ]
    return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`
  })
  const names = [
    'Repository',
    'Finished',
    'Median error',
    'Within P90',
    'Foreseen and changed',
    'Changed and foreseen',
    'Error over time',
  ]
  const head = names.map((name) => `<th>${name}</th>`).join('')
  return `<h2>Plans against what happened</h2>
<p>The error is the time that an update took against the P50 of its plan: +50 % took half as long again.</p>
<table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`
}

/** A bar for each update: above the line it took longer than its P50, below it less; twice as long is the full height. */
function bars(overTime: RepositoryAccuracy['overTime']): string {
  const shown = overTime.slice(-MOST_BARS)
  const drawn = shown.map(({ codename, at, error, withinP90 }, index) => {
    const height = Math.max(1, Math.round(Math.min(1, Math.abs(error)) * HALF))
    const place = `x="${index * BAR}" y="${error > 0 ? HALF - height : HALF}" width="${BAR - 2}" height="${height}"`
    const title = `${escapeHtml(codename)}, ${escapeHtml(at)}: ${signed(error)}`
    return `<rect class="${withinP90 ? 'intime' : 'late'}" ${place}><title>${title}</title></rect>`
  })
  const width = shown.length * BAR
  return `<svg width="${width}" height="${2 * HALF}" role="img" aria-label="Error over time">${drawn.join('')}<line x1="0" x2="${width}" y1="${HALF}" y2="${HALF}"/></svg>`
}

function signed(error: number): string {
  const percent = Math.round(error * 100)
  return `${percent > 0 ? '+' : percent < 0 ? '−' : '±'}${Math.abs(percent)} %`
}

function shareText(share: number | null): string {
  return share === null ? '' : `${Math.round(share * 100)} %`
}
