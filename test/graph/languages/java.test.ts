import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Node } from '@vscode/tree-sitter-wasm'

import { scanJava } from '../../../src/graph/languages/java/scan.ts'
import { slowPieces } from '../slow-pieces.ts'
import { nodesOf, openGrammar } from './grammar.ts'
import { lost, mapOf, needs } from './maps.ts'

describe('Java repositories', () => {
  test('PLAN-3 imports lead to the files of classes, by the packages that files say they are in', async () => {
    const map = await mapOf({
      'core/src/main/java/org/shop/cart/Cart.java': [
        '/* Copyright */ package org.shop.cart;',
        'import java.util.List;',
        'import org.shop.prices.Price;',
        'import org.shop.prices.Price.Tax;',
        'import static org.shop.tools.Scale.weigh;',
        'import static org.shop.tools.Units.*;',
        'import org.shop.all.*;',
        'import com.google.common.collect.Lists; import com.google.common.collect.Maps;',
        'import org.shop.prices.Generated;',
        'import org.shop.elsewhere.Thing;',
        'class Cart { String s = "import org.shop.never.Never;"; }',
      ].join('\n'),
      'odd/place/Price.java': 'package org.shop.prices; class Price {}',
      'core/src/main/java/org/shop/tools/Scale.java': 'package org.shop.tools;',
      'core/src/main/java/org/shop/tools/Units.java': 'package org.shop.tools;',
      'core/src/main/java/org/shop/all/One.java': 'package org.shop.all;',
      'core/src/main/java/org/shop/all/package-info.java':
        '@A(x = ")") package org.shop.all; import org.shop.tools.Units;',
      'core/src/test/java/org/shop/all/OneTest.java': 'package org.shop.all; import org.shop.tools.Scale;',
      'core/src/test/java/org/shop/tools/Scale.java': 'package org.shop.tools;',
    })
    expect(needs(map, 'core/src/main/java/org/shop/cart/Cart.java')).toEqual([
      'import core/src/main/java/org/shop/all/One.java',
      'import core/src/main/java/org/shop/all/package-info.java',
      'import core/src/main/java/org/shop/tools/Scale.java',
      'import core/src/main/java/org/shop/tools/Units.java',
      'import odd/place/Price.java',
    ])
    expect(needs(map, 'core/src/main/java/org/shop/all/package-info.java')).toEqual([
      'import core/src/main/java/org/shop/tools/Units.java',
    ])
    expect(lost(map)).toEqual(['core/src/main/java/org/shop/cart/Cart.java: org.shop.prices.Generated'])
    // com.google.common.collect and org.shop.elsewhere.
    expect(map.external).toBe(2)
  })

  test('PLAN-2 a test needs what it tests, by its name, though the same package needs no import', async () => {
    const map = await mapOf({
      'src/main/java/a/Cart.java': 'package a;',
      'src/test/java/a/CartTest.java': 'package a; import a.Cart.Item;',
      'src/test/java/a/TestCart.java': 'package a;',
      'src/test/java/b/CartTest.java': 'package b;',
    })
    expect(map.dependencies.map(({ from, to, kind }) => `${from} ${kind} ${to}`)).toEqual([
      'src/test/java/a/CartTest.java import src/main/java/a/Cart.java',
      'src/test/java/a/TestCart.java test src/main/java/a/Cart.java',
    ])
  })

  test('what is no Java harms nothing', async () => {
    const map = await mapOf({
      'A.java': Buffer.from([0xca, 0xfe, 0xba, 0xbe, 0, 0]),
      'B.java': Buffer.concat([
        Buffer.from('// '),
        Buffer.from([0xe9, 0xff]),
        Buffer.from('\nimport A.x; import ..; import'),
      ]),
      'C.java': '@'.repeat(100_000),
    })
    expect(map.dependencies).toEqual([])
    expect(map.unresolved.map(({ from, kind }) => `${kind} ${from}`)).toEqual(['unparsed A.java', 'import B.java'])
  })
})

describe('the scanner of Java', () => {
  let parse: (text: string) => Node
  beforeAll(async () => {
    parse = await openGrammar('java')
  })

  const name = fc.constantFrom('a.B', 'a . b /* x */ . C', 'D', 'e.é.F')
  const piece = fc.oneof(
    name.map((each) => `import ${each};`),
    name.map((each) => `import static ${each}.*;`),
    name.map((each) => `import\n${each}.*\n;`),
    fc.constantFrom('// import q.Q;', '/* import q.Q; */', ';', '/** @see x */'),
  )
  const end = fc.constantFrom('', 'class X { /* import q.Q; */ }', '@Deprecated interface Y {}', 'public enum Z { A }')
  const file = fc
    .tuple(fc.constantFrom('', 'package a.b;', '@A("(") package a;'), fc.array(piece, { maxLength: 8 }), end)
    .map(([start, pieces, last]) => [start, ...pieces, last].join('\n'))

  test('PLAN-3 finds what the whole grammar finds', () => {
    fc.assert(
      fc.property(file, (text) => {
        const tree = parse(text)
        fc.pre(!tree.hasError)
        const found = scanJava(Buffer.from(text).toString('latin1')).imports
        const written = found.map((each) => `${each.static ? 'static ' : ''}${each.name}${each.wildcard ? '.*' : ''}`)
        expect(written).toEqual([...new Set(nodesOf(tree, 'import_declaration').map(importOf))])
      }),
      { numRuns: 300 },
    )
  })

  test('PLAN-3 takes time in proportion to hostile input', () => {
    const pieces = [
      'import a',
      'import a.',
      'import a.b;',
      '@A(',
      '@A("',
      '/*',
      '//',
      ';',
      '@A ',
      'import static ',
      'package ',
    ]
    expect(slowPieces(scanJava, '', [...pieces, 'a.', '.', '/**/'])).toEqual([])
  })
})

function importOf(node: Node): string {
  const name = node.children.find((child) => child?.type === 'scoped_identifier' || child?.type === 'identifier')
  const isStatic = node.children.some((child) => child?.type === 'static')
  const plain = (name?.text ?? '').replace(/\s|\/\*.*?\*\//g, '')
  return `${isStatic ? 'static ' : ''}${plain}${nodesOf(node, 'asterisk').length > 0 ? '.*' : ''}`
}
