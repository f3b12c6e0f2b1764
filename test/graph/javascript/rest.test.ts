import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { Language } from '../../../src/graph/javascript/language.ts'
import { parseText } from '../../../src/graph/javascript/parse.ts'
import type { Reference } from '../../../src/graph/javascript/reading.ts'
import { findReferences } from '../../../src/graph/javascript/references.ts'
import { scanReferences } from '../../../src/graph/javascript/scan.ts'

const scan = (language: Language, text: string) => scanReferences(Buffer.from(text).toString('latin1'), language)
const sorted = (references: Reference[]) => references.map(({ kind, specifier }) => `${kind} ${specifier}`).toSorted()

/** What the whole tree says; null where the parser finds a fault, since then nothing is certain. */
function fromTree(language: Language, text: string): string[] | null {
  const parsed = parseText(language, text)
  if (!parsed.ok || parsed.result.errors.length > 0) return null
  return sorted(findReferences(parsed.result))
}

describe('modules named after the top', () => {
  test.each<[Language, string, string[]]>([
    [
      'ts',
      `f(); import './a'; export { b } from './b'\nexport * as c from /**/ './c'`,
      ['export ./b', 'export ./c', 'import ./a'],
    ],
    [
      'jsx',
      `const a = require('./a'), b = f(...require(\`./b\`)), c = x.require('./no')`,
      ['require ./a', 'require ./b'],
    ],
    [
      'jsx',
      `require.resolve('./a'); import.meta.resolve('./b'); new URL('c.js', import.meta.url)`,
      ['asset ./a', 'asset ./b', 'asset ./c.js'],
    ],
    [
      'ts',
      `const a = await import('./a'), b = () => import('./b'), c = import('./c').then((m) => m.c)`,
      ['dynamic ./a', 'dynamic ./b', 'dynamic ./c'],
    ],
    [
      'ts',
      `let a: import('./a').A, b: typeof import('./b'); f<typeof import('./c')>(); type D = import('./d').D[]`,
      ['type ./a', 'type ./b', 'type ./c', 'type ./d'],
    ],
    [
      'ts',
      `const o = { load: () => import('./a') }; function g(y: import('./c').C, x?: import('./b')) {}`,
      ['dynamic ./a', 'type ./b', 'type ./c'],
    ],
    [
      'ts',
      `declare module './a' { import b = require('./b'); export { c } from './c' }`.replace(
        'import b = ',
        'const b = ',
      ),
      ['export ./c', 'require ./b', 'type ./a'],
    ],
    [
      'tsx',
      `const a = <p title="require('./no')">don't import('./no') {/* import('./no') */}{require('./a')}</p>`,
      ['require ./a'],
    ],
    [
      'tsx',
      `const f = <T,>(x: T) => <A b={x < 1 ? /import("no")/ : \`\${import('./a')} import('./no')\`} />; f(a / 2)`,
      ['dynamic ./a'],
    ],
    [
      'jsx',
      `const r = a / b / require('./a'), s = /[/]'/.test(x) && require('./b'); if (x) /'/.test(require('./c'))`,
      ['require ./a', 'require ./b', 'require ./c'],
    ],
  ])('%s %j', (language, text, references) => {
    expect(sorted(scan(language, text) ?? [{ specifier: 'unsettled', kind: 'import' }])).toEqual(references)
    expect(fromTree(language, text)).toEqual(references)
  })
})

// Pieces that deceive a reader who does not know where strings, patterns, templates, elements and types begin and end.
const expression = fc.letrec<{ any: string }>((tie) => {
  const any = tie('any')
  const of = (before: string, after: string) => any.map((inner) => before + inner + after)
  const joined = (between: string) => fc.tuple(any, any).map((parts) => parts.join(between))
  return {
    any: fc.oneof(
      { maxDepth: 4, depthSize: 'medium' },
      fc.constantFrom(
        'a',
        '1.5',
        `"import('no')"`,
        String.raw`'\'require("no")'`,
        String.raw`/require("no")[/]\//g`,
        '`import("no")`',
        'import("./d")',
        'import("./t").then',
        'require("./r")',
        'require.resolve("./q")',
        'x.import("no")',
        'import.meta.url',
        'new URL("./u", import.meta.url)',
        'this!',
        'i++',
        '{}.b',
      ),
      of('(', ')'),
      of('[', ']'),
      of('f(', ')'),
      of('await ', ''),
      of('void ', ''),
      of('!', ''),
      of('() => ', ''),
      of('async () => { return ', ' }'),
      of('`a${', '}import("no")`'),
      of('({ import: 1, b: ', ' })'),
      of('<p a="import(\'no\')">{', '} it\'s <b/> require("no")</p>'),
      of('<A.B c={', '} />'),
      of('f<typeof import("./g")>(', ')'),
      of('<T,>(x: T) => ', ''),
      of('(x: import("./v").V) => ', ''),
      joined(' / '),
      joined(' < '),
      joined(' >= '),
      joined(' ? b : '),
      joined(' as any, '),
      joined('\n'),
    ),
  }
}).any
const statement = fc.oneof(
  expression,
  expression.map((value) => `const x = ${value}`),
  expression.map((value) => `if (a) ${value}`),
  expression.map((value) => `for (const a of b) { ${value} }`),
  expression.map((value) => `export default ${value}`),
  expression.map((value) => `class K { m = ${value}; import() {} }`),
  fc.constantFrom(
    'import "./i"',
    'import type { A } from "./j"',
    'export { b } from "./k"',
    'type A<B> = B extends import("./c").C ? 1 : 2',
    'interface D { e: import("./e").E; require: 1 }',
    'let h: Array<typeof import("./h")>',
    'declare module "./m" { export * from "./n" }',
    '// require("no")',
    '/* import("no") */',
  ),
)
const source = fc
  .array(fc.tuple(statement, fc.constantFrom(';', '\n', ';\n', '\n/**/', " // it's\n")), { maxLength: 4 })
  .map((parts) => parts.flat().join(''))

test.each<Language>(['tsx', 'ts', 'jsx'])(
  'PLAN-3 whatever is settled after the top of a %s is what the whole tree says',
  (language) => {
    let settled = 0
    fc.assert(
      fc.property(source, (text) => {
        const scanned = scan(language, text)
        const tree = scanned && fromTree(language, text)
        if (scanned === null || tree === null) return
        settled++
        expect({ text, found: sorted(scanned) }).toEqual({ text, found: tree })
      }),
      { numRuns: 3_000 },
    )
    expect(settled).toBeGreaterThan(300)
  },
)
