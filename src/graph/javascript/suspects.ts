/**
 * The words without which no module is named: `import`, `require`, `from` before a string (a re-export), `module` before a
 * relative one (`declare module './x'`). A slash after them may begin a comment.
 */
const suspects = /(import|require)|(from)[\s\x80-\uffff]*["'/]|(module)[\s\x80-\uffff]*(?:["']\.|\/)/g

/** A place where a module may be named. `word` is `import`, `require`, `from` or `module`. */
export type Suspect = { at: number; word: string }

/** Every place where a module may be named. */
export function suspectsIn(text: string): Suspect[] {
  const found: Suspect[] = []
  let next = nextSuspect(text, 0)
  while (next !== null) {
    found.push(next)
    next = nextSuspect(text, next.at + next.word.length)
  }
  return found
}

/**
 * The next place where a module may be named. It may be in a comment or a string, but none where a module is named is left
 * out, so that anything unusual counts. `text` may be in Latin-1: what is beyond ASCII may be a part of a letter or of a
 * space. One pass, with looks around each word that end at the next one.
 */
export function nextSuspect(text: string, start: number): Suspect | null {
  suspects.lastIndex = start
  for (;;) {
    const match = suspects.exec(text)
    if (match === null) return null
    const at = match.index
    const word = match[1] ?? match[2] ?? match[3] ?? ''
    const end = at + word.length
    if (isLetter(text, at - 1)) continue
    if (match[1] !== undefined && isLetter(text, end)) continue
    if (word === 'import' && !mayBeImport(text, at, end)) continue
    if (word === 'require' && !mayBeRequire(text, at, end)) continue
    if (word === 'from' && !mayBeExportFrom(text, at)) continue
    if (word === 'module' && !mayBeDeclared(text, at)) continue
    return { at, word }
  }
}

const declaration = /\s*[\w$"'{*]/y
const nothing = /\s*[,:;)\]}=+\-?&|!>]/y

/** `import(` and `import.` may be anywhere, a declaration only where a statement begins. */
function mayBeImport(text: string, start: number, end: number): boolean {
  nothing.lastIndex = end
  if (nothing.test(text)) return false
  declaration.lastIndex = end
  if (!declaration.test(text)) return !isProperty(text, start)
  const before = skipBack(text, start, isBlank)
  if (text[before] === '/') return text[before - 1] === '*'
  return before < 0 || /[\n\r;{}\x80-\uffff]/.test(text[before] ?? '')
}

const call = /\s*(?:[(<)/\x80-\uffff]|\?\.|!(?!=)|\.\s*(?:resolve|\/)|as\b|satisfies\b)/y

/** `require(…)`, `require.resolve(…)`, `require!(…)`, `(require as any)(…)`; but no property named so. */
function mayBeRequire(text: string, start: number, end: number): boolean {
  call.lastIndex = end
  if (!call.test(text)) return false
  return !isProperty(text, start)
}

/** A dot on a line before may end a comment, and three of them are a spread. */
function isProperty(text: string, start: number): boolean {
  const before = skipBack(text, start, isBlank)
  return text[before] === '.' && text[before - 1] !== '.'
}

/**
 * What ends a comment, whatever that says: a line break or a slash; and what is beyond ASCII may be a letter or a space. Before
 * the first place there is nothing.
 */
const unclear = /[\n\r/\x80-\uffff]/

/** `} from`, `* from`, `* as name from`, `* as 'name' from`. */
function mayBeExportFrom(text: string, start: number): boolean {
  const before = skipBack(text, start, isBlank)
  const last = text[before] ?? ''
  if (last === '}') return mayBeExported(text, before)
  if (!isLetter(text, before)) return last === '*' || last === '"' || last === "'" || unclear.test(last)
  const name = skipBack(text, before, isLetter)
  const as = skipBack(text, name + 1, isBlank)
  if (!isLetter(text, as)) return unclear.test(text[as] ?? '')
  return text[as] === 's' && text[as - 1] === 'a' && !isLetter(text, as - 2)
}

/** Whether names in braces may be exported. Of an import on one line that can be told without looking further. */
function mayBeExported(text: string, end: number): boolean {
  const open = skipBack(text, end, isOfNames)
  if (text[open] !== '{') return true
  const before = skipBack(text, open, isBlank)
  if (!isLetter(text, before)) return text[before] !== ','
  const start = skipBack(text, before, isLetter)
  const word = text.slice(start + 1, before + 1)
  if (word !== 'type') return word === 'export'
  const first = skipBack(text, start + 1, isBlank)
  return !isLetter(text, first) || text.endsWith('export', first + 1)
}

/** `declare module`, on one line. */
function mayBeDeclared(text: string, start: number): boolean {
  const before = skipBack(text, start, isBlank)
  if (text[before] === '/') return text[before - 1] === '*'
  return /[\x80-\uffff]/.test(text[before] ?? '') || text.endsWith('declare', before + 1)
}

/** The last place before `start` that is not of a kind. */
function skipBack(text: string, start: number, is: (text: string, at: number) => boolean): number {
  let at = start - 1
  while (at >= 0 && is(text, at)) at--
  return at
}

/** Names of an import or export with commas between them, on one line. */
function isOfNames(text: string, at: number): boolean {
  return text[at] === ',' || isBlank(text, at) || isLetter(text, at)
}

function isBlank(text: string, at: number): boolean {
  return text[at] === ' ' || text[at] === '\t'
}

function isLetter(text: string, at: number): boolean {
  return /[\w$]/.test(text[at] ?? '')
}
