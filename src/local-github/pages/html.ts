/** Text that is HTML already. Only this file makes it; everything else that reaches a page is escaped. */
class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export type { Html }

/** What may stand in an `html` template. A text is escaped; nothing is left of null, undefined and false. */
export type Part = Html | string | number | null | undefined | false | readonly Part[]

/** A template: html`<p>${text}</p>`. Values belong between tags or within double-quoted attributes. */
export function html(pieces: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const text = pieces.reduce((so, piece, index) => so + textOf(parts[index - 1]) + piece)
  return new Html(text)
}

/** Takes a text as HTML as it is: what the sanitiser made, and files of ours. */
export function trusted(text: string): Html {
  return new Html(text)
}

function textOf(part: Part): string {
  if (part === null || part === undefined || part === false) return ''
  if (part instanceof Html) return part.text
  return typeof part === 'object' ? part.map(textOf).join('') : escapeHtml(String(part))
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
