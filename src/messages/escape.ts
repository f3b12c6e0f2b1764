import { withoutSecrets } from '../model/secrets.ts'
import { oneLine, showHidden } from '../planning/visible.ts'

/** A zero-width space, written so that a reader of the source sees it. It keeps GitHub from making a link or a mention. */
const GAP = '&#8203;'

/**
 * A stranger's text as one line of plain text within a paragraph, list item or table cell: no Markdown, HTML, mention, issue
 * reference or link comes of it, and what is invisible is shown.
 */
export function inline(text: string, longest = 300): string {
  return settled(text, longest)
    .replace(/[\\`*_[\]<>&|~$(){}!]/g, '\\$&')
    .replace(/[@#]/g, `$&${GAP}`)
    .replace(/GH-(?=\d|$)/gi, `$&${GAP}`)
    .replace(/:(?=\/|$)/g, `:${GAP}`)
    .replace(/www(?=\.)/gi, `$&${GAP}`)
    .replace(/^[-+=]/, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2')
}

/** A path, sha or name as code. Not for table cells: see `codeCell`. */
export function codeSpan(text: string, longest = 200): string {
  const line = settled(text, longest) || ' '
  const ticks = '`'.repeat(longestRun(line) + 1)
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : ''
  return `${ticks}${pad}${line}${pad}${ticks}`
}

/** Code in a table's cell. A bar ends a cell even within code, and no escape of it holds after a backslash: it is then plain text. */
export function codeCell(text: string, longest = 200): string {
  return text.includes('|') ? inline(text, longest) : codeSpan(text, longest)
}

/** A block of text as it is, in a fence longer than any in it. Terminal colours and control characters are left out. */
export function fence(text: string, info = ''): string {
  const body = showHidden(withoutSecrets(text).toWellFormed())
    .replace(/\r\n?/g, '\n')
    // oxlint-disable-next-line no-control-regex
    .replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '')
    // oxlint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')
    .replace(/^\n+|\s+$/g, '')
  const ticks = '`'.repeat(Math.max(3, longestRun(body) + 1))
  return `${ticks}${info}\n${body}\n${ticks}`
}

/** `@login`, which notifies the person. What is no login of a person is shown and notifies nobody. */
export function mention(login: string): string {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(login) ? `@${login.replaceAll('_', '\\_')}` : codeSpan(login, 100)
}

export function mentions(logins: readonly string[]): string {
  return logins.map(mention).join(', ')
}

/** A link whose text is already Markdown. Only http and https addresses are linked; of others the text alone is left. */
export function link(markdown: string, url: string | null | undefined): string {
  if (!url || !/^https?:\/\/[^\s/?#]+/.test(url) || url.length > 2_000) return markdown
  const address = encodeURI(url.toWellFormed())
    .replace(/%25(?=[0-9a-f]{2})/gi, '%')
    .replace(/[()<>[\]\\`"'*_~|@!]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
  return `[${markdown}](${address})`
}

/**
 * Plain text of one line for places where Markdown means nothing: subjects, titles, descriptions. GitHub reads mentions and
 * closing keywords (`fixes #7`) there all the same, so both are taken apart; and Actions starts no workflow for a commit that
 * says `[skip ci]` or the like, which the rounds need and which a title may become.
 */
export function plainLine(text: string, longest: number): string {
  return settled(
    settled(text, longest)
      .replace(/(?<!\w)@(?=\w)/g, '@ ')
      .replace(/#(?=\d)/g, '# ')
      .replace(/\/(issues|pull)\/(?=\d)/g, '/$1/ ')
      .replace(/GH-(?=\d)/gi, 'GH ')
      .replace(/\[(skip ci|ci skip|no ci|skip actions|actions skip)\]/gi, '($1)'),
    longest,
  )
}

function settled(text: string, longest: number): string {
  // oxlint-disable-next-line no-control-regex
  const visible = withoutSecrets(text.slice(0, longest * 8))
    .toWellFormed()
    .replace(/[\u0080-\u009f]/g, ' ')
  return oneLine(visible, longest)
}

function longestRun(text: string): number {
  return Math.max(0, ...Array.from(text.matchAll(/`+/g), (run) => run[0].length))
}
