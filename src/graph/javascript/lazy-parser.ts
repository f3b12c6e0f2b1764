import * as parser from 'oxc-parser'
import type { EcmaScriptModule, ParserOptions, Span } from 'oxc-parser'

import type { Language } from './language.ts'

/*
 * The parser's lazy mode, which its types do not know yet: nodes are made when they are looked at, which costs a quarter. It
 * is not to be trusted with completeness: it leaves out the types of variables and of rest parameters, and the parents of
 * classes (oxc-parser 0.154). What it does show is right.
 */

/** A node of the lazy tree, as far as it is looked at. */
export type LazyNode = Span & { type: string }
export type LazyCall = LazyNode & { callee: LazyNode; arguments: readonly LazyNode[] }
export type LazyNew = LazyCall
export type LazyModule = LazyNode & { declare: boolean; id: LazyNode }
export type LazyMember = LazyNode & { object: LazyNode; property: LazyNode }
export type LazyImportType = LazyNode & { source: LazyNode }
export type LazyImportEquals = LazyNode & { importKind: 'type' | 'value'; moduleReference: LazyNode }
export type LazyModuleReference = LazyNode & { expression: LazyNode }

export type LazyVisitors = {
  CallExpression?: (node: LazyCall) => void
  NewExpression?: (node: LazyNew) => void
  ImportMeta?: (node: LazyNode) => void
  TSImportType?: (node: LazyImportType) => void
  TSImportEqualsDeclaration?: (node: LazyImportEquals) => void
  TSExternalModuleDeclaration?: (node: LazyModule) => void
  StringLiteral?: (node: LazyNode) => void
  TemplateElement?: (node: LazyNode) => void
  RegExpLiteral?: (node: LazyNode) => void
  JSXText?: (node: LazyNode) => void
}

export type LazyTree = {
  errors: { length: number }
  module: EcmaScriptModule
  comments: Iterable<Span>
  visit(visitor: object): void
  /** Gives the memory back; nothing of the tree may be looked at afterwards. */
  dispose(): void
}

type LazyParser = { experimentalGetLazyVisitor(): new (visitors: LazyVisitors) => object }

/** As a module. It may end the process on hostile input, as all parsing does. */
export function parseLazily(lang: Language, text: string): LazyTree {
  const options: ParserOptions & { experimentalLazy: boolean } = { lang, sourceType: 'module', experimentalLazy: true }
  return parser.parseSync('file', text, options) as unknown as LazyTree
}

export function createLazyVisitor(visitors: LazyVisitors): object {
  const Visitor = (parser as unknown as LazyParser).experimentalGetLazyVisitor()
  return new Visitor(visitors)
}
