import type { Command } from '../model.ts'

const PLAIN = ['cancel', 'retry', 'rollback', 'hold', 'resume', 'status', 'unlock', 'help'] as const
type PlainName = (typeof PLAIN)[number]

/** Every command, in the order in which help lists them. */
export const COMMAND_NAMES = ['approve', 'revise', 'reject', ...PLAIN] as const

const LONGEST_REVISION = 4_000
const LONGEST_REASON = 500

/**
 * Reads the command of a comment, `null` when it has none. The first line decides and must begin with `/`; a word that is
 * not ours is left to the bot it belongs to, unless it is a slip of the keyboard away from one of ours. The text of
 * `/revise` and `/reject` may go on below the first line. Nothing of it is interpreted.
 */
export function parseCommand(body: string): Command | null {
  const match = /^\/([a-z]{1,20})(?=\s|$)/i.exec(body)
  if (match?.[1] === undefined) return null
  const word = match[1].toLowerCase()
  const rest = withoutControls(body.slice(match[0].length))
  if (word === 'approve') return approval(rest)
  if (word === 'revise') return { name: 'revise', text: cut(rest.trim(), LONGEST_REVISION) }
  if (word === 'reject') return { name: 'reject', why: cut(rest.trim(), LONGEST_REASON) }
  if (isPlain(word)) return { name: word }
  return COMMAND_NAMES.some((name) => isOneSlip(word, name)) ? { name: 'unknown', word } : null
}

/**
 * `/approve`, with the digest or its beginning if one was given. What looks like a digest and is none must not become an
 * approval of whatever plan is current, so it is no command; words of praise are let pass.
 */
function approval(rest: string): Command {
  const line = rest.split('\n', 1)[0] ?? ''
  const argument = (line.trim().split(/\s+/, 1)[0] ?? '').replace(/^`+|`+$/g, '').replace(/^sha256:/i, '')
  if (/^[0-9a-f]{7,64}$/i.test(argument)) return { name: 'approve', digest: argument.toLowerCase() }
  if (/\d/.test(argument)) return { name: 'unknown', word: `approve ${cut(argument, 64)}` }
  return { name: 'approve', digest: null }
}

/** One letter too many, too few or wrong, or two neighbours swapped. More would catch other bots' `/rebase` and `/review`. */
function isOneSlip(typed: string, name: string): boolean {
  let from = 0
  while (from < typed.length && typed[from] === name[from]) from += 1
  let same = 0
  const most = Math.min(typed.length, name.length) - from
  while (same < most && typed.at(-1 - same) === name.at(-1 - same)) same += 1
  const wrong = typed.slice(from, typed.length - same)
  const right = name.slice(from, name.length - same)
  if (wrong.length <= 1 && right.length <= 1) return true
  return wrong.length === 2 && right.length === 2 && wrong[0] === right[1] && wrong[1] === right[0]
}

function isPlain(word: string): word is PlainName {
  return PLAIN.some((name) => name === word)
}

/** Cut by characters, so that no half of a surrogate pair is left. */
function cut(text: string, longest: number): string {
  return text.length <= longest
    ? text
    : Array.from(text.slice(0, longest * 2))
        .slice(0, longest)
        .join('')
}

function withoutControls(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
}
