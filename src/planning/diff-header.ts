/** The header of one file in a unified diff; `old` and `fresh` are the paths without their `a/` and `b/`. */
export type FileHeader = {
  ok: true
  kind: 'create' | 'modify' | 'remove'
  old: string | null
  fresh: string | null
  /** The old path of a rename or copy. */
  from: string | null
  oldMode: string | null
  newMode: string | null
  binary: boolean
  /** The first line after the header. */
  next: number
}

type HeaderFault = { ok: false; line: number; message: string }

/** Reads the file header that begins at a line; `null` when none begins there. */
export function readHeader(lines: string[], at: number): FileHeader | HeaderFault | null {
  const line = lines[at] ?? ''
  if (line.startsWith('diff --git ')) return gitHeader(lines, at)
  if (line.startsWith('--- ') && lines[at + 1]?.startsWith('+++ ') === true) return plainPair(lines, at, blank(at))
  if (/^Binary files .* differ$/.test(line)) return { ok: false, line: at, message: withoutContent }
  return null
}

const withoutContent = 'has a binary file without its content: use `git diff --binary`'

function blank(next: number): FileHeader {
  return {
    ok: true,
    kind: 'modify',
    old: null,
    fresh: null,
    from: null,
    oldMode: null,
    newMode: null,
    binary: false,
    next,
  }
}

function gitHeader(lines: string[], at: number): FileHeader | HeaderFault {
  const header = blank(at + 1)
  const names = namesOf((lines[at] ?? '').slice('diff --git '.length))
  if (names !== null) [header.old, header.fresh] = names
  for (; header.next < lines.length; header.next += 1) {
    const line = lines[header.next] ?? ''
    const value = (word: string) => (line.startsWith(`${word} `) ? line.slice(word.length + 1) : null)
    const fresh = value('rename to') ?? value('copy to')
    const old = value('rename from') ?? value('copy from')
    const removed = value('deleted file mode')
    const created = value('new file mode')
    if (fresh !== null) header.fresh = unquoted(fresh)
    else if (old !== null) header.from = header.old = unquoted(old)
    else if (removed !== null) [header.kind, header.oldMode] = ['remove', removed]
    else if (created !== null) [header.kind, header.newMode] = ['create', created]
    else if (value('old mode') !== null) header.oldMode = value('old mode')
    else if (value('new mode') !== null) header.newMode = value('new mode')
    else if (line === 'GIT binary patch') return { ...header, binary: true, next: header.next + 1 }
    else if (/^Binary files .* differ$/.test(line)) return { ok: false, line: header.next, message: withoutContent }
    else if (line.startsWith('--- ') && lines[header.next + 1]?.startsWith('+++ ') === true) {
      return plainPair(lines, header.next, header)
    } else if (!/^(index|similarity index|dissimilarity index) /.test(line)) break
  }
  const named = header.kind === 'remove' ? header.old : header.fresh
  return named === null ? { ok: false, line: at, message: 'has a header whose paths cannot be read' } : header
}

/** The pair `--- a/…`, `+++ b/…`; it is exact where the `diff --git` line is ambiguous. */
function plainPair(lines: string[], at: number, header: FileHeader): FileHeader | HeaderFault {
  const old = sidePath((lines[at] ?? '').slice(4))
  const fresh = sidePath((lines[at + 1] ?? '').slice(4))
  if (old === undefined || fresh === undefined) {
    const line = old === undefined ? at : at + 1
    return { ok: false, line, message: 'has a path without `a/` or `b/` before it' }
  }
  if (old === null && fresh === null) return { ok: false, line: at, message: 'has /dev/null on both sides' }
  const kind = old === null ? 'create' : fresh === null ? 'remove' : header.kind
  return { ...header, kind, old, fresh, next: at + 2 }
}

/** `null` for `/dev/null`, `undefined` for a path without its prefix. What follows a tab is a date. */
function sidePath(side: string): string | null | undefined {
  const written = side.startsWith('"') ? unquoted(side) : (side.split('\t')[0] ?? '')
  if (written === '/dev/null') return null
  return /^[a-z]\//.test(written) ? written.slice(2) : undefined
}

/**
 * The two names of a `diff --git` line. Unquoted names may hold spaces, so the line can only be cut where both halves
 * are the same name; git writes the names out below it in all other cases.
 */
function namesOf(rest: string): [string, string] | null {
  if (rest.startsWith('"')) {
    const end = closingQuote(rest)
    if (end < 0) return null
    const old = unquoted(rest.slice(0, end + 1))
    const fresh = unquoted(rest.slice(end + 2))
    return [old.slice(2), fresh.slice(2)]
  }
  const length = (rest.length - 5) / 2
  if (!Number.isInteger(length) || length < 1) return null
  const name = rest.slice(2, 2 + length)
  return rest.slice(3 + length).slice(2) === name && rest[2 + length] === ' ' ? [name, name] : null
}

function closingQuote(text: string): number {
  for (let at = 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '"') return at
  }
  return -1
}

const escapes: Record<string, number> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, '\\': 92 }

/** Undoes git's C-style quoting: `"sp\303\244t.txt"`. Octal escapes are bytes of UTF-8. */
function unquoted(text: string): string {
  if (!text.startsWith('"')) return text
  const end = closingQuote(text)
  try {
    const encoded = text
      .slice(1, end < 0 ? text.length : end)
      .replace(/\\([0-3][0-7]{2}|.)|[^\\]+/gs, (plain, escape: string | undefined) => {
        if (escape === undefined) return encodeURIComponent(plain)
        const byte = escape.length === 3 ? Number.parseInt(escape, 8) : (escapes[escape] ?? 0)
        return `%${byte.toString(16).padStart(2, '0')}`
      })
    return decodeURIComponent(encoded)
  } catch {
    // Not UTF-8: a path that GitHub cannot show either. The path check refuses the control character and says so.
    return '\u0000'
  }
}
