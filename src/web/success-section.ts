import type { Week } from '../model/success.ts'
import { escapeHtml } from './escape-html.ts'

/** A week as the page shows it; `took` is a text for people. */
export type WeekRow = Omit<Week, 'tookMs'> & { took: string }

const BAR = 100

/** How updates ended, a row for each week with one, newest first; empty before any ended. */
export function successSection(weeks: WeekRow[]): string {
  if (weeks.length === 0) return ''
  const rows = weeks.map(({ week, succeeded, failed, rolledBack, notCarriedOut, success, took }) => {
    const numbers = [succeeded, failed, rolledBack, notCarriedOut].map(String)
    const cells = [escapeHtml(week), ...numbers, success === null ? '' : share(success), escapeHtml(took)]
    return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`
  })
  const names = ['Week of', 'Succeeded', 'Failed', 'Rolled back', 'Not carried out', 'Success', 'Half of them within']
  const head = names.map((name) => `<th>${name}</th>`).join('')
  return `<h2>Success over time</h2>
<p>Success is the share of the updates that were carried out; what people or checks stopped is not among them.</p>
<table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`
}

function share(success: number): string {
  const percent = Math.round(success * 100)
  return `<svg width="${BAR}" height="12" role="img" aria-label="${percent} %"><rect class="intime" width="${percent}" height="12"/></svg>${percent} %`
}
