/** Kinds of tokens; the kind of any other token is the code of its character, which is above all of these. */
export const startOfText = 0
export const word = 1
export const string = 2
export const template = 3
export const pattern = 4
/** A whole element of JSX. */
export const element = 5
/** `=>` */
export const arrow = 6
/** `++` or `--` */
export const step = 7
/** The `!` behind what it asserts. */
export const assertion = 8

/** Files of more tokens are generated or hostile. */
const most = 1 << 19
let room = 1 << 14
let kinds = new Uint8Array(room)
let starts = new Int32Array(room)
let ends = new Int32Array(room)
let mates = new Int32Array(room)

/**
 * The tokens of the text that is being read, the first of which stands for its start. Their memory is used again for the next
 * text: only one is read at a time.
 */
export class Tokens {
  readonly text: string
  count = 0

  constructor(text: string, start: number) {
    this.text = text
    this.push(startOfText, start, start)
  }

  /** `mate` is the token that opened what this one closes. False when there are too many. */
  push(kind: number, start: number, end: number, mate = -1): boolean {
    const at = this.count
    if (at === room) {
      if (room === most) return false
      grow()
    }
    kinds[at] = kind
    starts[at] = start
    ends[at] = end
    mates[at] = mate
    this.count++
    return true
  }

  kind(at: number): number {
    return kinds[at] ?? startOfText
  }

  start(at: number): number {
    return starts[at] ?? 0
  }

  end(at: number): number {
    return ends[at] ?? 0
  }

  mate(at: number): number {
    return mates[at] ?? -1
  }

  /** The word that a token is; empty for other tokens, and for none. */
  word(at: number): string {
    return at > 0 && kinds[at] === word ? this.text.slice(starts[at], ends[at]) : ''
  }

  /** Whether a token is of one character, and this one. */
  is(at: number, char: string): boolean {
    return at > 0 && kinds[at] === char.charCodeAt(0)
  }

  /** A token of one character takes another meaning by what comes after it. */
  become(at: number, kind: number, end: number): void {
    kinds[at] = kind
    ends[at] = end
  }
}

function grow(): void {
  room *= 2
  const [k, s, e, m] = [new Uint8Array(room), new Int32Array(room), new Int32Array(room), new Int32Array(room)]
  k.set(kinds)
  s.set(starts)
  e.set(ends)
  m.set(mates)
  ;[kinds, starts, ends, mates] = [k, s, e, m]
}
