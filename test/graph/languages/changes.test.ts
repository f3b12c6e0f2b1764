import { afterEach, expect, test } from 'vitest'

import { createMapper } from '../../../src/graph/map.ts'
import type { Mapper } from '../../../src/graph/map.ts'
import { createRepository } from '../repositories.ts'

const mappers: Mapper[] = []
afterEach(async () => {
  for (const mapper of mappers.splice(0)) await mapper.close()
})

function newMapper(): Mapper {
  const mapper = createMapper()
  mappers.push(mapper)
  return mapper
}

const tree = {
  'go.mod': 'module x.org/a',
  'main.go': 'package main\nimport "x.org/a/p"\nfunc main() {}',
  'p/p.go': 'package p',
  'p/q.go': 'package p',
  'pyproject.toml': '',
  'src/m.py': '',
  'code/m.py': '',
  'tests/t.py': 'import m',
  'Cargo.toml': '[package]\nname = "a"',
  'src/lib.rs': 'mod b; mod c;',
  'src/b.rs': 'use crate::c::d::D;',
  'src/c.rs': 'pub mod d;',
  'src/c/d.rs': '',
  'j/A.java': 'package j;',
  'j/B.java': 'package k; import j.A;',
  'c/a.c': '#include "a.h"',
  'c/a.h': '',
}

test.each([
  ['a Go file leaves its package', { 'p/q.go': 'package main' }],
  ['a Go module is renamed', { 'go.mod': 'module x.org/b' }],
  [
    'a Python project names where its modules are',
    { 'pyproject.toml': '[tool.pytest.ini_options]\npythonpath = ["code"]' },
  ],
  ['a Rust module is no longer declared', { 'src/c.rs': '' }],
  ['a Cargo package has its library elsewhere', { 'Cargo.toml': '[package]\nname = "a"\n[lib]\npath = "src/c.rs"' }],
  ['a Java file goes to another package', { 'j/A.java': 'package l;' }],
  ['a C file includes another', { 'c/a.h': '#include "a.c"' }],
])('PLAN-3 a running mapper says what a new one says after %s', async (_, change) => {
  const repository = createRepository()
  try {
    const running = newMapper()
    const before = await running.map(repository.path, repository.commit(tree))
    const commit = repository.commit({ ...tree, ...change })
    const after = await running.map(repository.path, commit)
    expect(after).toEqual(await newMapper().map(repository.path, commit))
    const said = ({ dependencies, entryPoints, unresolved }: typeof after) => ({
      dependencies,
      entryPoints,
      unresolved,
    })
    expect(said(after)).not.toEqual(said(before))
  } finally {
    repository.remove()
  }
})
