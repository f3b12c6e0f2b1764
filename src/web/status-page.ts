import { accuracySection, type RepositoryAccuracy } from './accuracy-section.ts'
import { escapeHtml } from './escape-html.ts'
import { successSection, type WeekRow } from './success-section.ts'

/** One update as the status page shows it. */
export type StatusRow = {
  repo: string
  issue: number
  attempt: number
  codename: string
  title: string
  phase: string
  phaseSince: string
  outcome: string | null
}

export type StatusSource = {
  title: string
  recent(): Promise<StatusRow[]>
  success(): Promise<WeekRow[]>
  accuracy(): Promise<RepositoryAccuracy[]>
}

/** The plain status page: the newest updates and their phases. All text in it is a stranger's until escaped. */
export async function statusPage(source: StatusSource): Promise<string> {
  const rows = await source.recent()
  const weeks = successSection(await source.success())
  const plans = accuracySection(await source.accuracy())
  const body = rows.length === 0 ? '<p>No update yet. Put the label <code>pawl</code> on an issue.</p>' : table(rows)
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="5">
<meta name="viewport" content="width=device-width"><title>${escapeHtml(source.title)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #ddd}
.succeeded{color:#1a7f37}.failed,.rollback-failed{color:#cf222e}.rolled-back,.cleared{color:#9a6700}
svg{display:block}.late{fill:#9a6700}.intime{fill:#1a7f37}line{stroke:#999}</style></head>
<body><h1>${escapeHtml(source.title)}</h1>${body}${weeks}${plans}</body></html>
`
}

function table(rows: StatusRow[]): string {
  const lines = rows.map((row) => {
    const state = row.outcome ?? row.phase
    const cells = [
      escapeHtml(row.codename),
      escapeHtml(`${row.repo}#${row.issue}${row.attempt > 1 ? ` (attempt ${row.attempt})` : ''}`),
      escapeHtml(row.title),
      `<span class="${escapeHtml(row.outcome ?? 'running')}">${escapeHtml(state)}</span>`,
      `<time>${escapeHtml(row.phaseSince)}</time>`,
    ]
    return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`
  })
  const head = ['Codename', 'Issue', 'Title', 'Phase', 'Since'].map((name) => `<th>${name}</th>`).join('')
  return `<table><thead><tr>${head}</tr></thead><tbody>${lines.join('')}</tbody></table>`
}
