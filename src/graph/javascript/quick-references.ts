import type { Span, StaticImport } from 'oxc-parser'

import type { Language } from './language.ts'
import { createLazyVisitor, parseLazily } from './lazy-parser.ts'
import type { LazyCall, LazyImportEquals, LazyMember, LazyModuleReference, LazyNode, LazyTree } from './lazy-parser.ts'
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
    // `declare module` hides whatever is inside of it from the record.
    if (open.some(({ word }) => word === 'module')) return null
    if (open.length > 0) {
      this.#visit()
      open = open.filter(({ at }) => !this.#explained.has(at))
    }
    if (open.length > 0) {
      const isCode = outside([...this.#tree.comments])
      open = open.filter(({ at }) => isCode(at))
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
    for (const { start } of importMetas) this.#explained.add(start)
    // `new URL('x', import.meta.url)` and `import.meta.resolve('x')` take the tree.
    if (importMetas.length > 0 && /URL|resolve/.test(this.#text)) this.#unclear = true
  }

  #importKind({ start, end, entries }: StaticImport): ReferenceKind {
    if (entries.length > 0) return entries.every(({ isType }) => isType) ? 'type' : 'import'
    // `import type {} from './x'` looks to the record like `import './x'`.
    if (!/^import\s*["']/.test(this.#text.slice(start, end))) this.#unclear = true
    return 'import'
  }

  #visit(): void {
    this.#tree.visit(
      createLazyVisitor({
        CallExpression: (node) => this.#readCall(node),
        TSImportType: ({ start, source }) => {
          this.#explained.add(start)
          this.#addLiteral(source, 'type')
        },
        TSImportEqualsDeclaration: (node) => this.#readImportEquals(node),
      }),
    )
  }

  /** Where strings, templates, patterns and texts of markup are. */
  #texts(): Span[] {
    const found: Span[] = []
    const add = ({ start, end }: LazyNode) => void found.push({ start, end })
    this.#tree.visit(createLazyVisitor({ StringLiteral: add, TemplateElement: add, RegExpLiteral: add, JSXText: add }))
    return found
  }

  #readCall(node: LazyCall): void {
    if (!this.#text.startsWith('require', node.start)) return
    const { callee } = node
    const owner = callee.type === 'StaticMemberExpression' ? (callee as LazyMember).object : callee
    if (owner.type !== 'IdentifierReference' || this.#written(owner) !== 'require') return
    this.#explained.add(owner.start)
    const isResolve = owner !== callee && this.#written((callee as LazyMember).property) === 'resolve'
    if (owner !== callee && !isResolve) return
    const [argument] = node.arguments
    if (argument !== undefined) this.#addLiteral(argument, isResolve ? 'asset' : 'require')
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

  /** Adds a plain string or template; anything else that is a literal, or hides one, is unclear. */
  #addLiteral(node: Span | LazyNode, kind: ReferenceKind): void {
    const written = this.#written(node)
    const quote = written[0] ?? ''
    if (quote === '(') this.#unclear = true
    if (!'"\'`'.includes(quote)) return
    const value = written.slice(1, -1)
    if (quote === '`' && value.includes('${')) return
    const isPlain = written.length > 1 && written.endsWith(quote) && !value.includes(quote) && !value.includes('\\')
    this.#add(isPlain ? value : null, kind)
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
