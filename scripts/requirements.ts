import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/*
 * Writes docs/requirements.md: every requirement with the tests whose titles name it. A range such as "PRE-1…3" is not
 * read: each id stands by itself. With --check it writes nothing and fails when the file is not up to date.
 */

const FILE = new URL('../docs/requirements.md', import.meta.url)
const LIST = new URL('../docs/requirements.json', import.meta.url)

type Group = { title: string; requirements: Record<string, string> }

const groups = JSON.parse(readFileSync(LIST, 'utf8')) as Group[]
const known = new Set(groups.flatMap(({ requirements }) => Object.keys(requirements)))
const ID = /\b(?:TRIG|PRE|PLAN|SNAP|QUEUE|EXEC|GATE1|GATE2|GATE|OUT|MON|COMM)-\d{1,2}\b/g
/** Titles of tests and of the groups they stand in; a group's ids are those of its tests. */
const TITLE = /\b(?:test|it|describe)(?:\.\w+)*(?:\.each\([\s\S]*?\))?\(\s*(['"`])((?:\\.|(?!\1)[\s\S])*?)\1/g

// Those that are new and not added yet too, or what is written would be wrong as soon as they are.
const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'test'], {
  encoding: 'utf8',
})
const files = [...new Set(listed.split('\n'))]
  .filter((file) => file.endsWith('.test.ts') && existsSync(file))
  .toSorted()

const shown = new Map<string, string[]>()
for (const file of files) {
  for (const [, , title = ''] of readFileSync(file, 'utf8').matchAll(TITLE)) {
    for (const id of new Set(title.match(ID))) {
      if (!known.has(id)) throw new Error(`${file} names ${id}, which is no requirement: ${title}`)
      shown.set(id, [...(shown.get(id) ?? []), `${file}: ${title.replaceAll('\\', '').replaceAll('|', '\\|')}`])
    }
  }
}

const lines = [
  '# Requirements',
  '',
  'Written by `npm run requirements` from the titles of the tests. Do not edit it by hand.',
  '',
]
for (const { title, requirements } of groups) {
  lines.push(`## ${title}`, '', '| Id | Requirement | Shown by |', '|---|---|---|')
  for (const [id, text] of Object.entries(requirements)) {
    const tests = shown.get(id) ?? []
    lines.push(`| ${id} | ${text} | ${tests.length === 0 ? 'nothing yet' : tests.slice(0, 12).join('<br>')} |`)
  }
  lines.push('')
}
const text = lines.join('\n')

if (process.argv.includes('--check')) {
  if (readFileSync(FILE, 'utf8') !== text) {
    process.stderr.write('docs/requirements.md is not up to date: npm run requirements\n')
    process.exitCode = 1
  }
} else writeFileSync(FILE, text)

const missing = [...known].filter((id) => !shown.has(id))
if (missing.length > 0) process.stderr.write(`no test names ${missing.join(', ')}\n`)
