import type { MessageName, ThemeName } from '../config.ts'
import { showHidden } from '../planning/visible.ts'
import { inline, mention } from './escape.ts'
import { mechanic } from './themes/mechanic.ts'
import { plain } from './themes/plain.ts'
import { space } from './themes/space.ts'

/** Writes one message. `values` are untrusted: each is escaped, so that it stays one line of text in its place. */
export type Words = (name: MessageName, values: Record<string, string>) => string

export type Theme = Record<MessageName, string>

export const THEME_WORDS: Record<ThemeName, Theme> = { plain, mechanic, space }

/** The places that each message fills besides `{codename}`; `docs/messages.md` lists them for those who write their own. */
export const PLACES: Record<MessageName, readonly string[]> = {
  processing: ['requester', 'title'],
  planning: ['requester', 'title'],
  'plan-ready': ['requester', 'title'],
  starting: ['requester', 'title', 'phase'],
  working: ['requester', 'title', 'phase'],
  restarting: ['requester', 'title'],
  success: ['requester', 'title'],
  failure: ['requester', 'title', 'phase'],
  refusal: ['person'],
  blocked: ['requester'],
  questions: ['requester'],
  'config-faults': ['requester'],
  'command-refused': ['actor', 'command'],
  reminder: ['requester', 'expires'],
  expired: ['requester'],
  'plan-void': ['requester', 'title'],
  rejected: ['requester'],
  cancelled: ['requester'],
  held: ['requester'],
  receipt: ['requester', 'failed'],
  restored: [],
  'rollback-failed': ['people'],
}

/** In these places stand logins, with commas between them; they are mentioned. */
const PEOPLE = new Set(['requester', 'person', 'actor', 'people'])

/** More than this is no message any more: further places are left out. */
const LONGEST = 8_000

/** The words of a theme, with those messages that a repository says in its own words. */
export function createWords(theme: ThemeName, overrides: Partial<Record<MessageName, string>>): Words {
  return (name, values) => {
    let text = ''
    for (const [at, part] of oneParagraph(overrides[name] ?? THEME_WORDS[theme][name])
      .split(/\{([a-z]+)\}/)
      .entries()) {
      if (at % 2 === 0) text += part
      else if (!Object.hasOwn(values, part)) text += `{${part}}`
      else if (text.length < LONGEST) text = detached(text) + filled(part, values[part] ?? '')
    }
    return text
  }
}

function filled(place: string, value: string): string {
  return PEOPLE.has(place) ? value.split(', ').slice(0, 20).map(mention).join(', ') : inline(value) || '—'
}

/** What a value could be tied to by the characters before it: an escape, a mention, a reference. */
function detached(text: string): string {
  if (/(?:^|[^\\])(?:\\\\)*\\$/.test(text)) return `${text}\\`
  return /(?:(?<!\w)@[\w/-]*|#\d*|\bGH-\d*)$/i.test(text) ? `${text}&#8203;` : text
}

/** A text as one paragraph: its Markdown within the line is kept, HTML and everything that begins a block is shown as text. */
function oneParagraph(template: string): string {
  return showHidden(template.toWellFormed())
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .replaceAll('<', '&lt;')
    .replace(/^(?:[-+=#>|]|\*(?=[*\s]*$|\s)|_(?=[_\s]*$)|~{3}|`{3})/, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2')
    .replace(/^(\[[^\]]*\]):/, '$1\\:')
}
