import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Node } from '@vscode/tree-sitter-wasm'

import { scanC } from '../../../src/graph/languages/c/scan.ts'
import { slowPieces } from '../slow-pieces.ts'
import { nodesOf, openGrammar } from './grammar.ts'
import { lost, mapOf, needs } from './maps.ts'

describe('C and C++ repositories', () => {
  test('PLAN-3 includes are found beside the file, in directories above, in customary ones and wherever they fit', async () => {
    const map = await mapOf({
      'src/main.c': [
        '#include "cart.h" /* the cart */',
        '  #  include "sub/tax.h"',
        '#include "shop/price.h"',
        '#include "../config.h"',
        '#include "far.h"',
        '#include "both.h"',
        '#include "generated.h"',
        '#include "gone.h"',
        '#include <stdio.h>',
        '#include <string.h>',
        '#include <vector>',
        '#include <unique.h>',
        '#include <twice.h>',
        '#include <boost/any.hpp>',
        '#include "gtest/gtest.h"',
        '#include "deps/gone.h"',
        '#if 0',
        '#include "conditional.inc"',
        '#endif',
        '#include MACRO',
        'const char *s = "\\',
        '#include \\"never.h\\"";',
        '// #include "never.h" \\',
        '#include "never.h"',
      ].join('\n'),
      'src/cart.h': '#include "cart.h"\n',
      'src/sub/tax.h': '',
      'include/shop/price.h': '',
      'config.h': '',
      'deps/x/far.h': '',
      'src/near/both.h': '',
      'deps/both.h': '',
      'src/generated.h.in': '#include "@HEADER@"\n#include "cart.h"\n',
      'compat/string.h': '',
      'deps/x/unique.h': '',
      'deps/x/twice.h': '',
      'deps/y/twice.h': '',
      'src/conditional.inc': '',
    })
    expect(needs(map, 'src/main.c')).toEqual([
      'import config.h',
      'import deps/x/far.h',
      'import deps/x/unique.h',
      'import include/shop/price.h',
      'import src/cart.h',
      'import src/conditional.inc',
      'import src/generated.h.in',
      'import src/near/both.h',
      'import src/sub/tax.h',
    ])
    expect(needs(map, 'src/generated.h.in')).toEqual(['import src/cart.h'])
    expect(lost(map)).toEqual(['src/generated.h.in: @HEADER@', 'src/main.c: deps/gone.h', 'src/main.c: gone.h'])
    // boost, gtest, and twice.h, of which no one can tell which is meant.
    expect(map.external).toBe(3)
  })

  test('an include cannot leave the repository, and what is no C harms nothing', async () => {
    const map = await mapOf({
      'a.c': '#include "../../etc/passwd"\n#include "/etc/passwd"\n#include "\n#include <\n#include "b.h"',
      'b.h': Buffer.concat([Buffer.from('#include "a.c" // '), Buffer.from([0xe9, 0xff])]),
      'object.c': Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0]),
    })
    expect(needs(map, 'a.c')).toEqual(['import b.h'])
    expect(needs(map, 'b.h')).toEqual(['import a.c'])
    expect(map.unresolved.map(({ from, kind }) => `${kind} ${from}`)).toEqual([
      'import a.c',
      'import a.c',
      'unparsed object.c',
    ])
  })
})

describe('the scanner of C and C++', () => {
  let parse: (text: string) => Node
  beforeAll(async () => {
    parse = await openGrammar('cpp')
  })

  const line = fc.constantFrom(
    '#include "a.h"',
    '#include <b/c.hpp>',
    '  # include "d.h" // why',
    '#include MACRO',
    '/* #include "q.h" */',
    '// #include "q.h"',
    '/*\n#include "q.h"\n*/',
    'const char *s = "/* #include";',
    "char c = '\"';",
    "int n = 1'000'000;",
    'auto r = R"(\n#include "q.h"\n)";',
    'auto t = R"x(\n)"\n#include "q.h"\n)x";',
    '#define X "a"',
    '#ifdef Y\n#include "e.h"\n#endif',
    'int f(void) { return 1; }',
    'extern "C" {\n#include "f.h"\n}',
    "char d = '\\'';",
    '',
  )
  const file = fc.array(line, { maxLength: 8 }).map((all) => `${all.join('\n')}\n`)

  test('PLAN-3 finds what the whole grammar finds', () => {
    fc.assert(
      fc.property(file, (text) => {
        const tree = parse(text)
        fc.pre(!tree.hasError)
        const paths = nodesOf(tree, 'preproc_include').map((node) => node.childForFieldName('path')?.text ?? '')
        const found = scanC(text).includes.map(({ path, system }) => (system ? `<${path}>` : `"${path}"`))
        expect(found).toEqual([...new Set(paths.filter((path) => path !== 'MACRO'))])
      }),
      { numRuns: 300 },
    )
  })

  test('PLAN-3 takes time in proportion to hostile input', () => {
    const pieces = [
      '#include "',
      '#include <',
      '/*',
      '"',
      "'",
      'R"(',
      'R"x',
      '//\\\n',
      '#',
      '# ',
      '#include "a"\n',
      '\\\n',
    ]
    expect(slowPieces(scanC, '', [...pieces, `${' '.repeat(99)}#`, 'R"aaaaaaaaaaaaaaa(', '\n#include'])).toEqual([])
  })
})
