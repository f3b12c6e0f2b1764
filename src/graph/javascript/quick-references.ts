import type { Span, StaticImport } from 'oxc-parser'

import type { Language } from './language.ts'
import { createLazyVisitor, parseLazily } from './lazy-parser.ts'
import type {
  LazyCall,
  LazyImportEquals,
  LazyMember,
  LazyModuleReference,
  LazyNew,
  LazyNode,
  LazyTree,
  LazyVisitors,
} from './lazy-parser.ts'
import { relativeAddress } from './address.ts'
import { longestSpecifier } from './reading.ts'
import type { Reference, ReferenceKind } from './reading.ts'
import { suspectsIn } from './suspects.ts'

/**
 * The references of a source for a quarter of what the whole tree costs. Every place that may name a module must be
 * accounted for: by the module record, by a node of the lazy tree, or by a comment. Null when one is not, or when it is
 * written in a way that only the whole tree tells; what is given is what the whole tree would give.
 */
export function readQuickly(language: Language, text: string): Reference[] | null {
  if (text.includes('<reference')) return null
  const tree = parseLazily(language, text)
  try {
    return tree.errors.length > 0 ? null : new QuickReading(text, tree).references()
  } finally {
    tree.dispose()
  }
}

class QuickReading {
  readonly #text: string
  readonly #tree: LazyTree
  readonly #found = new Map<string, Reference>()
  /** Where the words are that turned out to name a module, or to name none. */
  readonly #explained = new Set<number>()
  #unclear = false

  constructor(text: string, tree: LazyTree) {
    this.#text = text
    this.#tree = tree
  }

  references(): Reference[] | null {
    this.#readRecord()
    const { staticImports, staticExports } = this.#tree.module
    const isElsewhere = outside([...staticImports, ...staticExports])
    let open = suspectsIn(this.#text).filter(
      ({ at, word }) => !this.#explained.has(at) && (word !== 'from' || isElsewhere(at)),
    )
    if (open.length > 0) {
      const isCode = outside([...this.#tree.comments])
      open = open.filter(({ at }) => isCode(at))
    }
    if (open.length > 0) {
      this.#visit(new Set(open.map(({ word }) => word)))
      open = open.filter(({ at }) => !this.#explained.has(at))
    }
    if (open.length > 0) {
      const isCode = outside(this.#texts())
      if (open.some(({ at }) => isCode(at))) return null
    }
    return this.#unclear ? null : [...this.#found.values()]
  }

  #add(specifier: string | null, kind: ReferenceKind): void {
    if (specifier === null || specifier === '' || specifier.length > longestSpecifier) this.#unclear = true
    else this.#found.set(`${kind} ${specifier}`, { specifier, kind })
  }

  #readRecord(): void {
    const { staticImports, staticExports, dynamicImports, importMetas } = this.#tree.module
    for (const statement of staticImports) {
      this.#explained.add(statement.start)
      this.#add(statement.moduleRequest.value, this.#importKind(statement))
    }
    for (const statement of staticExports) {
      const request = statement.entries[0]?.moduleRequest ?? null
      // For `export { x }` of what is imported the record gives the import.
      if (request === null || !this.#text.startsWith('export', statement.start)) continue
      this.#add(request.value, statement.entries.every(({ isType }) => isType) ? 'type' : 'export')
    }
    for (const { start, moduleRequest } of dynamicImports) {
      this.#explained.add(start)
      this.#addLiteral(moduleRequest, 'dynamic')
    }
    // `new URL('x', import.meta.url)` and `import.meta.resolve('x')` name a module; else it is no matter.
    if (/URL|resolve/.test(this.#text)) return
    for (const { start } of importMetas) this.#explained.add(start)
  }

  #importKind({ start, end, entries }: StaticImport): ReferenceKind {
    if (entries.length > 0) return entries.every(({ isType }) => isType) ? 'type' : 'import'
    // `import type {} from './x'` looks to the record like `import './x'`.
    if (!/^import\s*["']/.test(this.#text.slice(start, end))) this.#unclear = true
    return 'import'
  }

  /** Looks at the nodes that can explain the words, and at no others: making a node is what costs. */
  #visit(words: Set<string>): void {
    const visitors: LazyVisitors = {}
    if (words.has('module')) {
      // What is imported inside of it stays open.
      visitors.TSExternalModuleDeclaration = ({ declare, id }) => {
        this.#explained.add(this.#text.lastIndexOf('module', id.start))
        if (declare && this.#text[id.start + 1] === '.') this.#addLiteral(id, 'type')
      }
    }
    if (words.has('import')) {
      visitors.TSImportType = ({ start, source }) => {
        this.#explained.add(start)
        this.#addLiteral(source, 'type')
      }
      visitors.ImportMeta = ({ start }) => this.#explained.add(start)
      if (this.#tree.module.importMetas.length > 0) visitors.NewExpression = (node) => this.#readNew(node)
    }
    if (words.has('import') || words.has('require')) {
      visitors.CallExpression = (node) => this.#readCall(node)
      visitors.TSImportEqualsDeclaration = (node) => this.#readImportEquals(node)
    }
    this.#tree.visit(createLazyVisitor(visitors))
  }

  /** Where strings, templates, patterns and texts of markup are. */
  #texts(): Span[] {
    const found: Span[] = []
    const add = ({ start, end }: LazyNode) => void found.push({ start, end })
    this.#tree.visit(createLazyVisitor({ StringLiteral: add, TemplateElement: add, RegExpLiteral: add, JSXText: add }))
    return found
  }

  #readCall({ start, callee, arguments: [argument] }: LazyCall): void {
    // Looking at a node costs more than at the text.
    if (!this.#text.startsWith('require', start) && !this.#text.startsWith('import', start)) return
    const isMember = callee.type === 'StaticMemberExpression'
    const owner = isMember ? (callee as LazyMember).object : callee
    const isRequire = owner.type === 'IdentifierReference' && this.#written(owner) === 'require'
    if (isRequire) this.#explained.add(owner.start)
    else if (owner.type !== 'ImportMeta') return
    if (isMember && this.#written((callee as LazyMember).property) !== 'resolve') return
    if (argument !== undefined) this.#addLiteral(argument, isMember ? 'asset' : 'require')
  }

  #readNew({ callee, arguments: [address, base] }: LazyNew): void {
    if (address === undefined || base?.type !== 'StaticMemberExpression' || this.#written(callee) !== 'URL') return
    const { object, property } = base as LazyMember
    if (object.type !== 'ImportMeta' || this.#written(property) !== 'url') return
    const value = this.#literal(address)
    if (value === undefined) this.#unclear = true
    const specifier = value && relativeAddress(value)
    if (specifier) this.#add(specifier, 'asset')
  }

  #readImportEquals({ start, end, importKind, moduleReference }: LazyImportEquals): void {
    if (moduleReference.type !== 'TSExternalModuleReference') return
    this.#explained.add(start + Math.max(0, this.#text.slice(start, end).indexOf('import')))
    this.#explained.add(moduleReference.start)
    const { expression } = moduleReference as LazyModuleReference
    this.#addLiteral(expression, importKind === 'type' ? 'type' : 'require')
  }

  #written({ start, end }: Span): string {
    return this.#text.slice(start, end)
  }

  #addLiteral(node: Span, kind: ReferenceKind): void {
    const value = this.#literal(node)
    if (value === undefined) this.#unclear = true
    else if (value !== null) this.#add(value, kind)
  }

  /** What a plain string or template says; null for what is no literal, undefined where only the whole tree tells. */
  #literal(node: Span): string | null | undefined {
    const written = this.#written(node)
    const quote = written[0] ?? ''
    if (quote === '(') return undefined
    if (quote !== '"' && quote !== "'" && quote !== '`') return null
    const value = written.slice(1, -1)
    if (quote === '`' && value.includes('${')) return null
    const isPlain = written.length > 1 && written.endsWith(quote) && !value.includes(quote) && !value.includes('\\')
    return isPlain ? value : undefined
  }
}

/** Whether places, asked for in ascending order, are outside of spans that do not overlap. */
function outside(spans: Span[]): (at: number) => boolean {
  const sorted = spans.toSorted((a, b) => a.start - b.start)
  let next = 0
  return (at) => {
    while ((sorted[next]?.end ?? Infinity) <= at) next++
    return (sorted[next]?.start ?? Infinity) > at
  }
}
