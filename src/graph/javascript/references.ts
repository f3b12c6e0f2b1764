import { Visitor } from 'oxc-parser'
import type { Argument, Expression, Node, ParseResult } from 'oxc-parser'

import { relativeAddress } from './address.ts'
import { longestSpecifier } from './reading.ts'
import type { Reference, ReferenceKind } from './reading.ts'
import { referencedPath } from './triple-slash.ts'

/** Every module that a parsed file names with a literal, in no order, each pair of specifier and kind once. */
export function findReferences(parsed: ParseResult): Reference[] {
  const found = new Map<string, Reference>()
  const add = (specifier: string | null, kind: ReferenceKind) => {
    if (specifier === null || specifier === '' || specifier.length > longestSpecifier) return
    found.set(`${kind} ${specifier}`, { specifier, kind })
  }
  const top = parsed.program.body[0]?.start ?? Infinity
  for (const comment of parsed.comments) {
    if (comment.start > top) break
    if (comment.type === 'Line') add(referencedPath(comment.value), 'type')
  }
  new Visitor({
    ImportDeclaration: (node) => {
      const types =
        node.importKind === 'type' ||
        allTypes(node.specifiers.map((each) => each.type === 'ImportSpecifier' && each.importKind === 'type'))
      add(node.source.value, types ? 'type' : 'import')
    },
    ExportNamedDeclaration: (node) => {
      if (node.source === null) return
      const types = node.exportKind === 'type' || allTypes(node.specifiers.map((each) => each.exportKind === 'type'))
      add(node.source.value, types ? 'type' : 'export')
    },
    ExportAllDeclaration: (node) => add(node.source.value, node.exportKind === 'type' ? 'type' : 'export'),
    ImportExpression: (node) => add(literal(node.source), 'dynamic'),
    CallExpression: (node) => {
      const kind = callKind(node.callee)
      if (kind !== null) add(literal(node.arguments[0]), kind)
    },
    NewExpression: (node) => {
      if (node.callee.type !== 'Identifier' || node.callee.name !== 'URL' || !isOwnUrl(node.arguments[1])) return
      const address = literal(node.arguments[0])
      if (address !== null) add(relativeAddress(address), 'asset')
    },
    TSImportEqualsDeclaration: (node) => {
      if (node.moduleReference.type !== 'TSExternalModuleReference') return
      add(node.moduleReference.expression.value, node.importKind === 'type' ? 'type' : 'require')
    },
    TSImportType: (node) => add(node.source.value, 'type'),
    // `declare module './x'` adds to the types of that file; with a bare name it declares something from outside.
    TSModuleDeclaration: (node) => {
      if (node.declare && node.id.type === 'Literal' && node.id.value.startsWith('.')) add(node.id.value, 'type')
    },
  }).visit(parsed.program)
  return [...found.values()]
}

/** `import {} from` names no type, it runs the module. */
function allTypes(types: boolean[]): boolean {
  return types.length > 0 && types.every(Boolean)
}

/** The text of a string or of a template without holes. */
function literal(node: Argument | undefined): string | null {
  if (node === undefined) return null
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : null
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0) return node.quasis[0]?.value.cooked ?? null
  return node.type === 'ParenthesizedExpression' ? literal(node.expression) : null
}

function callKind(callee: Expression): ReferenceKind | null {
  const called = unwrapped(callee)
  if (called.type === 'Identifier') return isRequire(called) ? 'require' : null
  if (called.type !== 'MemberExpression' || called.computed || called.property.name !== 'resolve') return null
  const owner = called.object
  return isImportMeta(owner) || isRequire(owner) ? 'asset' : null
}

/** Spelt out: with escapes in it no one means the real one, and the scanner would not see it. */
function isRequire(node: Node): boolean {
  return node.type === 'Identifier' && node.name === 'require' && node.end - node.start === 'require'.length
}

function unwrapped(node: Expression): Expression {
  let inner = node
  while (
    inner.type === 'ParenthesizedExpression' ||
    inner.type === 'TSAsExpression' ||
    inner.type === 'TSSatisfiesExpression' ||
    inner.type === 'TSNonNullExpression'
  ) {
    inner = inner.expression
  }
  return inner
}

function isOwnUrl(node: Argument | undefined): boolean {
  if (node?.type !== 'MemberExpression' || node.computed || node.property.name !== 'url') return false
  return isImportMeta(node.object)
}

function isImportMeta(node: Node): boolean {
  return node.type === 'MetaProperty' && node.meta.name === 'import'
}
