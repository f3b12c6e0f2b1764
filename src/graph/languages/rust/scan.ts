import { longestSpecifier } from '../../javascript/reading.ts'
import { decode, mostReferences } from '../language.ts'
import { createRustCursor } from './cursor.ts'
import type { RustCursor } from './cursor.ts'
import { mostSegments, takePath, takeUseTree } from './paths.ts'

/** A module that is declared; `inside` are the modules of the same file around it, the outermost first. */
export type RustModule = {
  name: string
  inside: string[]
  /** What `#[path]` says, of which each may hold. */
  paths: string[]
  /** Whether its content stands in the same file. */
  inline: boolean
}

export type RustPath = {
  segments: string[]
  inside: string[]
  /** A `use` that must lead somewhere; other paths may begin with any name of the scope. */
  certain: boolean
}

export type RustReading = {
  modules: RustModule[]
  paths: RustPath[]
  /** Files whose text is taken in, relative to this one. */
  included: string[]
}

/**
 * Modules that a Rust source declares and paths that it uses, wherever they stand, macros included: what a macro makes of
 * them is not known, and in most they stay what they are. One pass over the tokens; `text` is the source in Latin-1.
 * Source: doc.rust-lang.org/reference, "Modules", "Use declarations" and "Paths".
 */
export function scanRust(text: string): RustReading {
  const scan = new RustScan(createRustCursor(text))
  scan.run()
  return scan.reading()
}

class RustScan {
  readonly #cursor: RustCursor
  readonly #modules = new Map<string, RustModule>()
  readonly #paths = new Map<string, RustPath>()
  readonly #included = new Set<string>()
  /** For each open brace the module whose body it opens, or null. */
  readonly #braces: (string | null)[] = []
  #inside: string[] = []
  #around = ''
  #attributePaths: string[] = []
  /** Names that uses bring in; a star may bring any. */
  readonly #names = new Set<string>()
  #token = ''

  constructor(cursor: RustCursor) {
    this.#cursor = cursor
  }

  run(): void {
    let before = ''
    for (this.#advance(); this.#token !== '';) {
      const token = this.#token
      this.#advance()
      this.#read(token, before)
      before = token
    }
  }

  reading(): RustReading {
    const isFree = !this.#names.has('*')
    const paths = [...this.#paths.values()].map((path) => {
      const certain = path.certain && isFree && !this.#names.has(path.segments[0] ?? '')
      return { ...path, certain }
    })
    return { modules: [...this.#modules.values()], paths, included: [...this.#included] }
  }

  #advance(): string {
    this.#token = this.#cursor.next()
    return this.#token
  }

  #read(token: string, before: string): void {
    switch (token) {
      case '{':
        this.#open(null)
        break
      case '}':
        if (this.#braces.pop()) this.#enter(this.#inside.slice(0, -1))
        this.#attributePaths = []
        break
      case ';':
        this.#attributePaths = []
        break
      case '#':
        if (this.#token === '!') this.#advance()
        if (this.#token === '[') this.#readAttribute()
        break
      case 'mod':
        this.#readModule()
        break
      case 'use':
        this.#readUse()
        break
      case 'extern':
        this.#readExtern()
        break
      case 'include':
      case 'include_str':
      case 'include_bytes':
        this.#readInclude()
        break
      default:
        if (this.#token === '::' && before !== '::' && /^[a-z_]/.test(token)) this.#readPath(token)
    }
  }

  #open(module: string | null): void {
    this.#braces.push(module)
    if (module !== null) this.#enter([...this.#inside, module])
    this.#attributePaths = []
  }

  #enter(inside: string[]): void {
    this.#inside = inside
    this.#around = inside.join('::')
  }

  #readAttribute(): void {
    let depth = 0
    let words = ''
    for (; this.#token !== ''; this.#advance()) {
      if (this.#token === '[') depth++
      else if (this.#token === ']' && --depth === 0) break
      else if (this.#token === '"' && words === 'path=') {
        const { text } = this.#cursor
        if (text !== null && text.length <= longestSpecifier) this.#attributePaths.push(decode(text))
      }
      words = this.#token === '=' ? `${words}=` : this.#token
    }
    this.#advance()
  }

  #readModule(): void {
    const written = this.#token
    if (!/^[\w\u0080-\u00ff]+$/.test(written) || this.#inside.length > mostSegments) return
    this.#advance()
    const inline = this.#token === '{'
    if (!inline && this.#token !== ';') return
    if (this.#modules.size < mostReferences && written.length <= longestSpecifier) {
      const key = [this.#around, written, inline, ...this.#attributePaths].join(' ')
      if (!this.#modules.has(key)) {
        this.#modules.set(key, { name: decode(written), inside: this.#inside, paths: this.#attributePaths, inline })
      }
    }
    if (inline) {
      this.#open(decode(written))
      this.#advance()
    }
    this.#attributePaths = []
  }

  #readUse(): void {
    // `impl X + use<'a>` captures lifetimes.
    if (this.#token === '<') return
    const { paths, last } = takeUseTree(this.#token, () => this.#cursor.next())
    this.#token = last
    for (const { segments, name } of paths) {
      this.#names.add(name)
      this.#add(segments, name !== segments[0])
    }
  }

  #readExtern(): void {
    if (this.#token !== 'crate') return
    const name = this.#advance()
    if (name !== 'self') this.#add([name], true)
  }

  #readInclude(): void {
    if (this.#token !== '!') return
    if (!['(', '[', '{'].includes(this.#advance())) return
    const isText = this.#advance() === '"'
    const { text } = this.#cursor
    if (isText && text !== null && text.length <= longestSpecifier) this.#included.add(decode(text))
  }

  #readPath(head: string): void {
    const { segments, last } = takePath(head, this.#token, () => this.#cursor.next())
    this.#token = last
    this.#add(segments, false)
  }

  #add(segments: string[], certain: boolean): void {
    const path = segments.join('::')
    const key = `${path} ${this.#around}`
    const known = this.#paths.get(key)
    if (known !== undefined) known.certain ||= certain
    else if (this.#paths.size < mostReferences && path.length <= longestSpecifier) {
      this.#paths.set(key, { segments: segments.map(decode), inside: this.#inside, certain })
    }
  }
}
