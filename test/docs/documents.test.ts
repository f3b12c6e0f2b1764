import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { MESSAGE_NAMES, THEMES } from '../../src/config.ts'
import { RISK_RULES } from '../../src/config/risk.ts'
import { knownKeys } from '../../src/config/faults.ts'
import { COMMAND_NAMES } from '../../src/policy/command.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const sources = execFileSync('git', ['ls-files', 'src'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((path) => path.endsWith('.ts'))

test('docs/findings.md explains every rule that a finding may have, and every rule is given somewhere', () => {
  const rules = [...read('src/model/finding-rule.ts').matchAll(/\| '([a-z0-9-]+)'/g)].map(([, rule = '']) => rule)
  const told = [...read('docs/findings.md').matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, rule = '']) => rule)
  expect(told).toEqual(rules)
  const given = sources.filter((path) => path !== 'src/model/finding-rule.ts').map(read)
  expect(rules.filter((rule) => !given.some((text) => text.includes(`'${rule}'`)))).toEqual([])
})

test('docs/risk.md explains every risk rule, in the order in which a plan lists them', () => {
  const told = [...read('docs/risk.md').matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, rule = '']) => rule)
  expect(told).toEqual([...RISK_RULES])
})

test('docs/configuration.md names every key of pawl.yml', () => {
  const text = read('docs/configuration.md')
  const missing = knownKeys([], {}).flatMap((key) => {
    // Messages have a document of their own, and triggers are one line as long as there are none.
    const inner = key === 'messages' || key === 'triggers' ? [] : knownKeys([key], {}).map((name) => `${key}.${name}`)
    return [key, ...inner].filter((path) => !mentions(text, path))
  })
  expect(missing).toEqual([])
})

/** A key may stand with its section, or after it as a further one: `deploy.via`, or `.via` in the same row. */
function mentions(text: string, path: string): boolean {
  const [section = '', key] = path.split('.')
  if (key === undefined) return text.includes(`\`${section}`)
  return text.split('\n').some((row) => row.includes(`\`${section}.`) && row.includes(`.${key}`))
}

test('docs/messages.md lists every message, and every theme', () => {
  const text = read('docs/messages.md')
  expect(MESSAGE_NAMES.filter((name) => !text.includes(`| \`${name}\` |`))).toEqual([])
  expect(THEMES.filter((name) => !text.includes(`\`${name}\``))).toEqual([])
})

test('docs/commands.md lists every command', () => {
  const text = read('docs/commands.md')
  expect(COMMAND_NAMES.filter((name) => !text.includes(`\`/${name}`))).toEqual([])
})

test('ARCHITECTURE.md gives every dependency its reason', () => {
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> }
  const table = read('ARCHITECTURE.md').split('## Dependencies')[1] ?? ''
  const named = Object.keys(dependencies).filter(
    (name) => !table.includes(name) && !table.includes(name.replace(/^@[^/]+\//, '')),
  )
  expect(named).toEqual([])
})

test('every link between the documents leads somewhere', () => {
  const documents = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter(Boolean)
  const broken = documents.flatMap((path) =>
    [...read(path).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
      .map(([, target = '']) => join(dirname(path), target))
      .filter((target) => !existsSync(join(root, target)))
      .map((target) => `${path}: ${target}`),
  )
  expect(broken).toEqual([])
})
