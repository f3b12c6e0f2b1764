import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Node } from '@vscode/tree-sitter-wasm'

import { scanPython } from '../../../src/graph/languages/python/scan.ts'
import { slowPieces } from '../slow-pieces.ts'
import { nodesOf, openGrammar } from './grammar.ts'
import { lost, mapOf, needs } from './maps.ts'

describe('Python repositories', () => {
  test('PLAN-3 imports lead to modules and submodules, wherever they stand, and say when only types need them', async () => {
    const map = await mapOf({
      'src/shop/__init__.py': 'from .cart import Cart\nfrom . import prices, Total\n',
      'src/shop/__main__.py': 'import shop.cart as c, json; from shop import prices\n',
      'src/shop/cart.py': [
        'from __future__ import annotations',
        'import typing as t',
        'if t.TYPE_CHECKING:',
        '    from .prices import (  # all of them',
        '        Price, Tax as T,',
        '    )',
        'else:',
        '    import shop.tools.scale',
        'def f():',
        "    '''import shop.never'''",
        '    try: from ..shop.late import x',
        '    except ImportError: import requests.adapters',
        "    return importlib.import_module('shop.plugin')",
        'from . \\',
        '  import gone',
      ].join('\n'),
      'src/shop/prices.py': 'from .tools import *\nfrom ...outside import x\nimport shop.lost\n',
      'src/shop/late.py': '',
      'src/shop/plugin.py': '',
      'src/shop/json.py': '',
      'src/shop/tools/__init__.pyi': '',
      'src/shop/tools/scale.py': '',
      'tests/helpers.py': '',
      'tests/test_cart.py': 'import helpers, shop.cart, json\n',
      'pyproject.toml': '[project.scripts]\nshop = "shop.late:main"\n',
    })
    expect(needs(map, 'src/shop/__init__.py')).toEqual(['import src/shop/cart.py', 'import src/shop/prices.py'])
    expect(needs(map, 'src/shop/__main__.py')).toEqual(['import src/shop/cart.py', 'import src/shop/prices.py'])
    expect(needs(map, 'src/shop/cart.py')).toEqual([
      'import src/shop/__init__.py',
      'import src/shop/late.py',
      'dynamic src/shop/plugin.py',
      'type src/shop/prices.py',
      'import src/shop/tools/scale.py',
    ])
    expect(needs(map, 'src/shop/prices.py')).toEqual(['import src/shop/tools/__init__.pyi'])
    expect(needs(map, 'tests/test_cart.py')).toEqual(['import src/shop/cart.py', 'import tests/helpers.py'])
    expect(lost(map)).toEqual(['src/shop/prices.py: ...outside', 'src/shop/prices.py: shop.lost'])
    expect(map.external).toBe(1)
    expect(map.entryPoints).toEqual(['src/shop/__main__.py', 'src/shop/late.py'])
  })

  test('PLAN-3 packages without an __init__, other projects of the repository and roots that a project names are found', async () => {
    const map = await mapOf({
      'a/pyproject.toml': '[tool.setuptools.packages.find]\nwhere = ["code"]\n',
      'a/code/space/one/__init__.py': 'from space.two import x\nfrom space import three\nimport space.elsewhere\n',
      'b/setup.py': 'import setuptools',
      'b/space/two.py': '',
      'b/space/three.py': '',
      'b/lone.py': 'import space.one',
      'c/setup.cfg':
        '[options]\npackage_dir =\n    = python-src\n[options.entry_points]\nconsole_scripts =\n    lone = single:main\n',
      'c/python-src/single.py': 'import lone, space\n',
    })
    expect(needs(map, 'a/code/space/one/__init__.py')).toEqual(['import b/space/three.py', 'import b/space/two.py'])
    expect(needs(map, 'b/lone.py')).toEqual(['import a/code/space/one/__init__.py'])
    expect(needs(map, 'c/python-src/single.py')).toEqual(['import b/lone.py'])
    expect(map.entryPoints).toEqual(['c/python-src/single.py'])
    expect(map.unresolved).toEqual([])
  })

  test('what is no Python, or no project file, harms nothing', async () => {
    const map = await mapOf({
      'a.py': Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0]),
      'b.py': Buffer.concat([
        Buffer.from('# '),
        Buffer.from([0xe9, 0xff]),
        Buffer.from('\nimport a\nfrom a.. import (((\nimport .\n'),
      ]),
      'pyproject.toml': `a = ${'['.repeat(100_000)}`,
      'setup.cfg': '[options\n= = =',
    })
    expect(needs(map, 'b.py')).toContain('import a.py')
    expect(map.unresolved.map(({ from, kind }) => `${kind} ${from}`)).toContain('unparsed a.py')
  })
})

describe('the scanner of Python', () => {
  let parse: (text: string) => Node
  beforeAll(async () => {
    parse = await openGrammar('python')
  })

  const name = fc.constantFrom('a', 'b.c', 'd_1')
  const names = fc.constantFrom('x', 'x, y', '(x)', '(x,\n    y as z,  # why\n)', '*', 'x as import_', '\\\n  x')
  const statement = fc.oneof(
    name.map((each) => `import ${each}`),
    name.map((each) => `import ${each} as n, e.f`),
    fc
      .tuple(fc.constantFrom('', '.', '..'), name, names)
      .map(([dots, each, all]) => `from ${dots}${each} import ${all}`),
    names.map((all) => `from . import ${all}`),
    fc.constantFrom(
      's = "import q"',
      "s = '''\nimport q\n'''",
      's = r"\\"; t = f"{1}"',
      'd = {\n  "a": [1,\n# import q\n 2]}',
      'def f(a: int = 1): yield from a',
      'raise A from b',
      '# import q',
      'x = lambda: 1; import g',
      'if x: import h',
      "s = 'it\\'s'  # it's",
      's = b"\\\\"',
      'import_ = 1',
    ),
  )
  const block = fc
    .array(statement, { maxLength: 5 })
    .map((all) => `try:\n  pass\n${all.map((s) => `  ${s}\n`).join('')}finally: pass`)
  const file = fc.array(fc.oneof(statement, block), { maxLength: 8 }).map((all) => `${all.join('\n')}\n`)

  test('PLAN-3 finds what the whole grammar finds', () => {
    fc.assert(
      fc.property(file, (text) => {
        const tree = parse(text)
        fc.pre(!tree.hasError)
        const expected = nodesOf(tree, 'import_statement', 'import_from_statement').flatMap(modulesOf)
        const found = scanPython(text).imports.map(({ module, names: all }) => `${module} ${all?.join() ?? ''}`)
        expect(found.toSorted()).toEqual([...new Set(expected)].toSorted())
      }),
      { numRuns: 300 },
    )
  })

  test('PLAN-3 takes time in proportion to hostile input', () => {
    const pieces = [
      '(',
      '"""',
      "'",
      'import ',
      'from .',
      'from . import (',
      '\\\n',
      'import a;',
      ' ',
      '\t\n',
      '#\n',
      '[{(',
    ]
    expect(slowPieces(scanPython, '', [...pieces, 'if TYPE_CHECKING', 'if a.', 'import_module("', '.', 'é'])).toEqual(
      [],
    )
  })
})

function modulesOf(node: Node): string[] {
  const names = node.childrenForFieldName('name').flatMap((child) => {
    const name = child?.type === 'aliased_import' ? child.childForFieldName('name') : child
    return name?.text ?? []
  })
  if (node.type === 'import_statement') return names.map((name) => `${name} `)
  const module = node.childForFieldName('module_name')?.text ?? ''
  const isStar = nodesOf(node, 'wildcard_import').length > 0
  return [`${module} ${isStar ? '*' : names.join()}`]
}
