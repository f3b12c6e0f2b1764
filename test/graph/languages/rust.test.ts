import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Node } from '@vscode/tree-sitter-wasm'

import { scanRust } from '../../../src/graph/languages/rust/scan.ts'
import { slowPieces } from '../slow-pieces.ts'
import { nodesOf, openGrammar } from './grammar.ts'
import { lost, mapOf, needs } from './maps.ts'

describe('Rust repositories', () => {
  test('PLAN-3 modules are found by name, by path attribute, within others and in macros', async () => {
    const map = await mapOf({
      'Cargo.toml': '[package]\nname = "shop"\n',
      'src/lib.rs': [
        '#![allow(x)]',
        'pub mod cart;',
        '#[cfg(test)] #[path = "elsewhere/odd.rs"] pub(crate) mod odd;',
        'mod inner { pub mod deep; #[path = "far.rs"] mod far; }',
        'cfg_net! { pub mod net; }',
        '#[cfg_attr(unix, path = "unix.rs")] mod system;',
        'mod gone;',
        '// mod never;',
        "const S: &str = r#\"mod never;\"#; const C: char = '\"'; fn f<'a>(x: &'a str) {}",
        'include_str!("../README.md"); include!("gone.in"); include!(concat!(env!("OUT_DIR"), "/x.rs"));',
      ].join('\n'),
      'src/cart/mod.rs': 'mod total;',
      'src/cart/total.rs': 'mod tax;',
      'src/cart/total/tax.rs': '',
      'src/elsewhere/odd.rs': 'mod beside;',
      'src/elsewhere/beside.rs': '',
      'src/inner/deep.rs': '',
      'src/inner/far.rs': '',
      'src/net.rs': '',
      'src/unix.rs': '',
      'src/system.rs': '',
      'README.md': '',
    })
    expect(needs(map, 'src/lib.rs')).toEqual([
      'asset README.md',
      'import src/cart/mod.rs',
      'import src/elsewhere/odd.rs',
      'import src/inner/deep.rs',
      'import src/inner/far.rs',
      'import src/net.rs',
      'import src/system.rs',
      'import src/unix.rs',
    ])
    expect(needs(map, 'src/cart/mod.rs')).toEqual(['import src/cart/total.rs'])
    expect(needs(map, 'src/cart/total.rs')).toEqual(['import src/cart/total/tax.rs'])
    expect(needs(map, 'src/elsewhere/odd.rs')).toEqual(['import src/elsewhere/beside.rs'])
    expect(lost(map)).toEqual(['src/lib.rs: gone', 'src/lib.rs: gone.in'])
  })

  test('PLAN-3 paths lead to the last module they go through, across the crates of a workspace', async () => {
    const map = await mapOf({
      'Cargo.toml': '[workspace]\nmembers = ["*"]\n[workspace.dependencies]\nprice-list = { path = "prices" }\n',
      'shop/Cargo.toml':
        '[package]\nname = "the-shop"\n[dependencies]\nprice-list = { workspace = true }\nserde = "1"\nlog2 = { package = "log", version = "1" }\n[dev-dependencies]\ntools = { path = "../t" }\n[[bin]]\nname = "x"\npath = "cmd/x.rs"\n',
      'shop/src/lib.rs': 'pub mod a; pub mod b; pub use a::A;',
      'shop/src/a.rs': [
        'use crate::b::{self, inner::{Thing as T, Other}, *};',
        'use std::io;',
        'use serde::Serialize; use log2::info;',
        'mod tests { use super::*; use super::super::b::c::C; }',
        'fn f() { price_list::tax::of(1); T::new(); }',
      ].join('\n'),
      'shop/src/b.rs': 'pub mod c; pub mod inner {}\nuse nowhere::X; use X::y;',
      'shop/src/b/c.rs': 'use super::super::a; use crate::A;',
      'shop/src/b/orphan.rs': 'use super::c;',
      'shop/src/main.rs': 'use the_shop::b::c;',
      'shop/src/bin/tool.rs': 'extern crate the_shop;',
      'shop/cmd/x.rs': '',
      'shop/tests/all.rs': 'mod common; use tools2::Tool;',
      'shop/tests/common/mod.rs': '',
      't/Cargo.toml': '[package]\nname = "tools"\n[lib]\nname = "tools2"\npath = "tools.rs"\n',
      't/tools.rs': '',
      'prices/Cargo.toml': '[package]\nname = "price-list"\n',
      'prices/src/lib.rs': 'pub mod tax;',
      'prices/src/tax.rs': '',
    })
    expect(needs(map, 'shop/src/a.rs')).toEqual([
      'import prices/src/tax.rs',
      'import shop/src/b.rs',
      'import shop/src/b/c.rs',
    ])
    expect(needs(map, 'shop/src/b/c.rs')).toEqual(['import shop/src/a.rs', 'import shop/src/lib.rs'])
    expect(needs(map, 'shop/src/b/orphan.rs')).toEqual(['import shop/src/b/c.rs'])
    expect(needs(map, 'shop/src/main.rs')).toEqual(['import shop/src/b/c.rs'])
    expect(needs(map, 'shop/src/bin/tool.rs')).toEqual(['import shop/src/lib.rs'])
    expect(needs(map, 'shop/tests/all.rs')).toEqual(['import shop/tests/common/mod.rs', 'import t/tools.rs'])
    expect(lost(map)).toEqual(['shop/src/b.rs: nowhere::X'])
    expect(map.external).toBe(2)
    expect(map.entryPoints).toEqual([
      'prices/src/lib.rs',
      'shop/cmd/x.rs',
      'shop/src/bin/tool.rs',
      'shop/src/lib.rs',
      'shop/src/main.rs',
      't/tools.rs',
    ])
  })

  test('modules that declare each other, and what is no Rust or no TOML, harm nothing', async () => {
    const map = await mapOf({
      'Cargo.toml': '[package\n',
      'p/Cargo.toml': `a = ${'['.repeat(50_000)}`,
      'a.rs': '#[path = "b.rs"] mod b; #[path = "a.rs"] mod a; #[path = "../../x.rs"] mod x;',
      'b.rs': '#[path = "a.rs"] mod a;',
      'c.rs': Buffer.from([0, 1, 2]),
      'deep.rs': `mod b;${'mod a {'.repeat(100_000)}`,
    })
    expect(needs(map, 'a.rs')).toEqual(['import b.rs'])
    expect(needs(map, 'b.rs')).toEqual(['import a.rs'])
    expect(needs(map, 'deep.rs')).toEqual(['import b.rs'])
    expect(map.unresolved.map(({ from, kind }) => `${kind} ${from}`)).toEqual([
      'unparsed Cargo.toml',
      'import a.rs',
      'unparsed c.rs',
      'unparsed p/Cargo.toml',
    ])
  })
})

describe('the scanner of Rust', () => {
  let parse: (text: string) => Node
  beforeAll(async () => {
    parse = await openGrammar('rust')
  })

  const name = fc.constantFrom('a', 'bb', 'c_1')
  const item = fc.oneof(
    name.map((each) => `mod ${each};`),
    name.map((each) => `#[cfg(x)]\npub(in crate::y) mod ${each};`),
    fc.tuple(name, name).map(([outer, inner]) => `mod ${outer} { mod ${inner}; fn f() {} }`),
    fc.constantFrom(
      '/* mod q; /* nested */ mod q; */',
      '// mod q;',
      'const A: &str = "mod q; \\" mod q;";',
      'const B: &str = r##"mod q; "# mod q;"##;',
      "const C: char = '\"';",
      "const D: char = '\\'';",
      "const E: u8 = b'{';",
      "fn g<'a>(x: &'a str) -> &'a str { 'l: loop { break 'l; } }",
      'struct S { r#mod: u8 }',
      'fn r() { let r = 1; let x = r#"}"#; }',
      "const F: char = 'é'; const G: char = '😀';",
      'impl X { fn h(&self) -> Y { Y { z: 1 } } }',
    ),
  )
  const file = fc.array(item, { maxLength: 8 }).map((all) => `${all.join('\n')}\n`)

  test('PLAN-3 finds the modules that the whole grammar finds', () => {
    fc.assert(
      fc.property(file, (text) => {
        const tree = parse(text)
        fc.pre(!tree.hasError)
        const expected = nodesOf(tree, 'mod_item').filter((node) => node.childForFieldName('body') === null)
        const { modules } = scanRust(Buffer.from(text).toString('latin1'))
        const found = modules
          .filter(({ inline }) => !inline)
          .map(({ inside, name: own }) => [...inside, own].join('::'))
        expect(found.toSorted()).toEqual([...new Set(expected.map(pathOf))].toSorted())
      }),
      { numRuns: 300 },
    )
  })

  test.each([
    ['use a::{b, c::{self, d as e}, f::*, };', ['a::b', 'a::c', 'a::c::d', 'a::f']],
    ['use ::a::b; pub(crate) use self::c;', ['a::b', 'self::c']],
    ['use {a, b::c};', ['a', 'b::c']],
    ['fn f() -> impl X + use<> { a::b::<c::D>(); E::f(); <g::H>::i() }', ['a::b', 'c::D', 'g::H']],
    ['extern crate x as y; extern "C" {}', ['x']],
  ])('the paths of %s', (text, expected) => {
    expect(scanRust(text).paths.map(({ segments }) => segments.join('::'))).toEqual(expected)
  })

  test('PLAN-3 takes time in proportion to hostile input', () => {
    const pieces = [
      '/*',
      'r#"',
      `r${'#'.repeat(200)}`,
      'mod a {',
      'use a::{',
      'a::',
      '#[',
      '"',
      "'",
      '#[path="a"]',
      'use a,',
    ]
    expect(
      slowPieces(scanRust, '', [...pieces, `r${'#'.repeat(200)}" "`, 'mod a;', '{', '}', 'include!("', 'x::y ']),
    ).toEqual([])
  })
})

function pathOf(module: Node): string {
  const names: string[] = []
  for (let node: Node | null = module; node !== null; node = node.parent) {
    if (node.type === 'mod_item') names.unshift(node.childForFieldName('name')?.text ?? '')
  }
  return names.join('::')
}
