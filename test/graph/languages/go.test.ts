import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Node } from '@vscode/tree-sitter-wasm'

import { scanGo } from '../../../src/graph/languages/go/scan.ts'
import { slowPieces } from '../slow-pieces.ts'
import { nodesOf, openGrammar } from './grammar.ts'
import { lost, mapOf, needs } from './maps.ts'

describe('Go repositories', () => {
  test('PLAN-3 a file depends on the files of the packages it imports, through modules, replacements and relative paths', async () => {
    const map = await mapOf({
      'go.mod': `module example.org/shop // the shop\n\ngo 1.22\n\nrequire (\n\tgithub.com/far/away/v2 v2.0.0\n\texample.org/tools v0.0.0\n)\n\nreplace example.org/tools => ./build/tools\n`,
      'main.go': `// Command shop.\npackage main\n\nimport (\n\t"fmt"\n\t_ "embed"\n\n\tcart "example.org/shop/internal/cart"\n\t. "example.org/shop/prices"; "github.com/far/away/v2/sub"\n\t"example.org/tools"\n\t"example.org/shop/gone"\n)\n\nfunc main() { fmt.Println("import \\"example.org/shop/never\\"") }\n`,
      'flags.go': 'package main\n',
      'internal/cart/cart.go': 'package cart\nimport "C"\nimport `example.org/shop/prices`\n',
      'internal/cart/total.go': 'package cart\n',
      'internal/cart/gen.go': '//go:build ignore\n\npackage main\n',
      'internal/cart/cart_test.go': 'package cart\n',
      'internal/cart/outside_test.go': 'package cart_test\nimport "example.org/shop/internal/cart"\n',
      'prices/prices.go': 'package prices\n',
      'build/tools/go.mod': 'module example.org/tools\n',
      'build/tools/tools.go': 'package tools\nimport "example.org/shop/prices"\n',
      'vendor/github.com/far/away/v2/sub/sub.go': 'package sub\nimport "example.org/nowhere"\n',
    })
    expect(needs(map, 'main.go')).toEqual([
      'import build/tools/tools.go',
      'import flags.go',
      'import internal/cart/cart.go',
      'import internal/cart/total.go',
      'import prices/prices.go',
    ])
    expect(needs(map, 'internal/cart/cart.go')).toEqual(['import prices/prices.go'])
    expect(needs(map, 'build/tools/tools.go')).toEqual(['import prices/prices.go'])
    expect(lost(map)).toEqual(['main.go: example.org/shop/gone'])
    expect(map.external).toBe(1)
    expect(map.entryPoints).toEqual(['main.go'])
  })

  test('PLAN-2 a test depends on the package it is in, or on the one it imports', async () => {
    const map = await mapOf({
      'go.mod': 'module example.org/shop\n',
      'a.go': 'package shop\n',
      'b.go': 'package shop\n',
      'a_test.go': 'package shop\n',
      'c_test.go': 'package shop_test\nimport "example.org/shop"\n',
    })
    expect(needs(map, 'a_test.go')).toEqual(['test a.go', 'test b.go'])
    expect(needs(map, 'c_test.go')).toEqual(['import a.go', 'import b.go'])
  })

  test('a package of very many files is stood for by one', async () => {
    const many = Array.from({ length: 201 }, (_, at) => [`p/f${at}.go`, 'package p\n'])
    const map = await mapOf({
      'go.mod': 'module x.org/x',
      'a.go': 'package x\nimport "x.org/x/p"\n',
      ...Object.fromEntries(many),
    })
    expect(needs(map, 'a.go')).toEqual(['import p/f0.go'])
  })

  test('what is no Go is reported and harms nothing', async () => {
    const map = await mapOf({
      'go.mod': 'module x.org/x\nreplace x.org/y => ../../outside\nmodule\n(((',
      'image.go': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0]),
      'words.go': 'once upon a time',
      'latin1.go': Buffer.concat([
        Buffer.from('package x // '),
        Buffer.from([0xe9, 0xff]),
        Buffer.from('\nimport "x.org/x/p"'),
      ]),
      'p/p.go': 'package p\nimport "x.org/y"\nimport "../../../etc"',
    })
    expect(needs(map, 'latin1.go')).toEqual(['import p/p.go'])
    expect(map.unresolved).toEqual([
      { from: 'image.go', specifier: 'it is no text', kind: 'unparsed' },
      { from: 'p/p.go', specifier: '../../../etc', kind: 'import' },
      { from: 'words.go', specifier: 'it does not begin with a package clause', kind: 'unparsed' },
    ])
  })
})

describe('the scanner of Go', () => {
  let parse: (text: string) => Node
  beforeAll(async () => {
    parse = await openGrammar('go')
  })

  const trivia = fc.constantFrom('\n', '\n\n', '; ', '\n// import "a"\n', '\n/* import "b"\n*/\n', '\r\n')
  const spec = fc
    .tuple(
      fc.constantFrom('', '_ ', '. ', 'name '),
      fc.constantFrom('"', '`'),
      fc.stringMatching(/^[a-z]{1,3}(\/[a-z.]{1,4})?$/),
    )
    .map(([name, quote, path]) => `${name}${quote}${path}${quote}`)
  const declaration = fc.oneof(
    spec.map((one) => `import ${one}`),
    fc.array(fc.tuple(spec, trivia)).map((specs) => `import (${specs.flat().join('')})`),
  )
  const rest = fc.constantFrom('', 'func main() {}', 'var x = `\nimport "c"\n`', 'const s = "import"')
  const file = fc
    .tuple(fc.array(fc.tuple(declaration, trivia)), rest)
    .map(([declarations, end]) => `// Package p.\npackage p\n${declarations.flat().join('')}${end}\n`)

  test('PLAN-3 finds what the whole grammar finds', () => {
    fc.assert(
      fc.property(file, (text) => {
        const paths = nodesOf(parse(text), 'import_spec').map(
          (node) => node.childForFieldName('path')?.text.slice(1, -1) ?? '',
        )
        expect(scanGo(text).imports).toEqual([...new Set(paths)])
      }),
      { numRuns: 200 },
    )
  })

  test('PLAN-3 takes time in proportion to hostile input', () => {
    const pieces = [
      'import (',
      'import "a',
      '/* ',
      'import ("a";',
      'import `',
      ';;;;',
      '// x\n',
      'import ()\n',
      'import . ',
    ]
    expect(slowPieces(scanGo, 'package p\n', pieces)).toEqual([])
  })
})
