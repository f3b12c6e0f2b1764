import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { parseText } from '../../../src/graph/javascript/parse.ts'
import type { Reference } from '../../../src/graph/javascript/reading.ts'
import { readQuickly } from '../../../src/graph/javascript/quick-references.ts'
import { findReferences } from '../../../src/graph/javascript/references.ts'
import { scanReferences } from '../../../src/graph/javascript/scan.ts'
import { slowPieces } from '../slow-pieces.ts'

const latin1 = (text: string) => Buffer.from(text).toString('latin1')
const scan = (text: string) => scanReferences(latin1(text), 'ts')
const sorted = (references: Reference[]) => references.map(({ kind, specifier }) => `${kind} ${specifier}`).toSorted()

/** What the whole tree says; null where the parser finds a fault, since then nothing is certain. */
function fromTree(text: string): string[] | null {
  const parsed = parseText('ts', text)
  if (!parsed.ok || parsed.result.errors.length > 0) return null
  return sorted(findReferences(parsed.result))
}

describe('sources that the scanner settles', () => {
  test.each([
    ['', []],
    [`#!/usr/bin/env node\n'use strict'\nimport './a'`, ['import ./a']],
    [`\uFEFF"use client";\nimport './a'`, ['import ./a']],
    [
      `/* import './no' */ import a, { b as c, type D } from "./a" // import './no'\nimport * as e from './é'`,
      ['import ./a', 'import ./é'],
    ],
    [
      `import type A from './a'; import type { B } from './b'; import type * as C from './c'`,
      ['type ./a', 'type ./b', 'type ./c'],
    ],
    [
      `import { type A, type B } from './a'\nimport {} from './b'\nimport type from './c'`,
      ['import ./b', 'import ./c', 'type ./a'],
    ],
    [
      `export * from './a'; export * as b from './b'; export { c } from './c'; export type { D } from './d'`,
      ['export ./a', 'export ./b', 'export ./c', 'type ./d'],
    ],
    [
      `export { x }\nimport data from './a.json' with { type: 'json' }\nexport type * from './b'`,
      ['import ./a.json', 'type ./b'],
    ],
    [
      `/// <reference path="a.ts" />\n/// <reference types="node" />\n/// <reference types="./b" />\nf()`,
      ['type ./a.ts', 'type ./b'],
    ],
    [
      `import './a'\nconst s = "important"; x.require('y'); /* we import the rest */ // Array.from "x"\nclass requirement {}`,
      ['import ./a'],
    ],
  ])('%j', (text, references) => {
    expect(sorted(scan(text) ?? [{ specifier: 'unsettled', kind: 'import' }])).toEqual(references)
    expect(fromTree(text)).toEqual(references)
  })
})

test('what is written in an unusual way is left to the parser', () => {
  for (const text of [
    `(require as any)('./a')`,
    `(require)('./a')`,
    `require?.('./a')`,
    `require\u00a0('./a')`,
    `f()\u2028import './a'`,
    `f(); export * as naïve from './a'`,
    `import a = require('./a')`,
    `import { "\\u0061" as b } from './a'`,
    `import './\\x61'`,
    `require('./\\x61')`,
    `f(); { a } /b/.c; require('./a')`,
    `new URL(('./a'), import.meta.url)`,
    `let x: A | import('./a')`,
  ]) {
    expect({ text, scanned: scan(text) }).toEqual({ text, scanned: null })
    expect({ text, found: fromTree(text)?.length }).toEqual({ text, found: 1 })
  }
})

// Pieces of sources, weighted towards what could deceive: keywords as names, in strings, comments, templates and patterns.
const trivia = fc.constantFrom(
  '',
  ' ',
  '\n',
  '\t',
  '/**/',
  '/* from "./no" */',
  '// import "./no"\n',
  '\r\n',
  '\u00a0',
  '\u2028',
  '//\u2028',
  '// all that\n',
  '/* it. */',
  '// it.\n',
)
const name = fc.constantFrom('a', 'from', 'as', 'type', '$', 'é', 'of', 'async', 'requires', 'imported', 'default')
const specifier = fc
  .tuple(
    fc.constantFrom('"', "'"),
    fc.constantFrom('./a', './b.js', '../é', 'pkg', '@x/y', "./it\\'s", './\\x61', '#z', './“q”'),
  )
  .map(([quote, text]) => quote + text + quote)
const names = fc
  .array(fc.tuple(fc.constantFrom('', '', 'type '), name, fc.constantFrom('', ' as x', ' as type', ' as as')), {
    maxLength: 3,
  })
  .map((list) => `{${list.map((parts) => parts.join('')).join(', ')}}`)
const clause = fc.oneof(
  name,
  names,
  fc.constant('* as ns'),
  fc.tuple(name, names).map((parts) => parts.join(', ')),
)
const declaration = fc
  .tuple(
    fc.oneof(
      fc.tuple(fc.constantFrom('import', 'import type', 'import defer'), clause).map((parts) => [...parts, 'from']),
      fc.constant(['import']),
      fc
        .tuple(fc.constantFrom('export', 'export type'), fc.oneof(names, fc.constantFrom('*', '* as ns', '* as "n s"')))
        .map((parts) => [...parts, 'from']),
    ),
    trivia,
    specifier,
    fc.constantFrom('', '', ' with { type: "json" }', ' with {}'),
  )
  .map(([words, space, source, attributes]) => [...words, source].join(space === '' ? ' ' : ` ${space}`) + attributes)
const other = fc.constantFrom(
  'export { a }',
  'export const b = 1',
  'export default {}',
  '"use strict"',
  "'a'\n/b/g",
  'const c = require("./c")',
  'x.require("./no")',
  'const t = `import "./no" ${require(`./t`)}`',
  'const r = /import "x"/',
  'let v: import("./v").V',
  'let w: typeof import("./w")',
  'void import("./d")',
  'import("./e" + x)',
  'import.meta.url',
  'import.meta.resolve("./y")',
  'db.import("./no")',
  'x = { ...require("./spread"), require: 1 }',
  '(require)("./parenthesised")',
  'class U extends f(new URL("./z.js", import.meta.url)) {}',
  'new URL(`./tpl.js`, import.meta.url)',
  'const fn = (...rest: import("./rest").R) => rest',
  'try {} catch (e: import("./caught").E) {}',
  'declare module "./n" {}',
  'new URL("u.js", import.meta.url)',
  'require.resolve("./r")',
  'require?.("./o")',
  'declare module "./m" { import "./i" }',
  'declare module "bare" { export * from "./j" }',
  'class K extends require("./k") {}',
  'f({ import: 1, require: 2, from: "x" })',
  'function require2() {}',
  'import eq = require("./eq")',
  'export import eq2 = require("./eq2")',
  'const from = "./no", s = "} from \'./no\'"',
  '/// <reference path="./ref.ts" />',
  '({}).import',
  '// no.\nrequire("./after")',
)
const source = fc
  .array(
    fc.tuple(
      fc.oneof({ weight: 3, arbitrary: declaration }, other),
      fc.constantFrom(';', '\n', ';\n', '\n\n', ' ', '\r', '\u2028'),
      trivia,
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.flat().join(''))

test('PLAN-3 whatever the scanner settles is what the whole tree says', () => {
  let settled = 0
  fc.assert(
    fc.property(source, (text) => {
      const scanned = scan(text)
      const tree = fromTree(text)
      if (scanned === null || tree === null) return
      settled++
      expect(sorted(scanned)).toEqual(tree)
    }),
    { numRuns: 4_000 },
  )
  expect(settled).toBeGreaterThan(1_000)
})

test('what is read without the whole tree is what the whole tree says', () => {
  let read = 0
  fc.assert(
    fc.property(source, (text) => {
      const tree = fromTree(text)
      const quick = tree === null ? null : readQuickly('ts', text)
      if (quick !== null) read++
      expect(quick === null ? tree : sorted(quick)).toEqual(tree)
    }),
    { numRuns: 2_000 },
  )
  expect(read).toBeGreaterThan(400)
})

test('the parser and its visitor leave out nothing that a bare walk over the objects finds', () => {
  fc.assert(
    fc.property(source, (text) => {
      const parsed = parseText('ts', text)
      const walked = parsed.ok ? [...new Set(specifiersWithin(parsed.result.program))].toSorted() : []
      const found = parsed.ok ? findReferences(parsed.result).map((reference) => reference.specifier) : []
      expect(found).toEqual(expect.arrayContaining(walked))
    }),
    { numRuns: 1_000 },
  )
})

/** The literal sources of every node that has one, whatever its type. */
function specifiersWithin(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return []
  const inner = Object.values(node).flatMap(specifiersWithin)
  const { source } = node as { source?: { type?: string; value?: unknown } | null }
  return source?.type === 'Literal' && typeof source.value === 'string' ? [source.value, ...inner] : inner
}

test('hostile text costs a time in proportion to its length', () => {
  const repeated = [
    'import {',
    'import{a,',
    '/*',
    "'",
    'from ',
    'from\t"',
    'import ',
    'require ',
    'export * as a ',
    '\\',
    '\n',
    'a.require(',
    '{import x ',
    '//',
    'type,',
    '"\n',
    'module ',
    ' ',
    ' require.',
    'x from "',
    '(',
    '`${',
    '<a>',
    '<a ',
    'a<b,',
    '/[',
    'import(',
    'import("a");',
    'require("a",',
    'import.meta.url,',
    'new URL("",',
    'x=>import("a").',
    'f!',
    'a\\\n',
  ]
  expect(slowPieces((text) => scanReferences(text, 'tsx'), '', repeated)).toEqual([])
  expect(slowPieces((text) => scanReferences(text, 'tsx'), 'f();require(a);', repeated)).toEqual([])
})
