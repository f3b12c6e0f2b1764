import { describe, expect, test } from 'vitest'
import type { RequestText } from '../../src/planning/facts.ts'
import { parseRequest } from '../../src/planning/request.ts'
import { diffOf } from './fixtures.ts'

const read = (body: string, fields: Partial<RequestText> = {}) =>
  parseRequest({ title: 'Greet by name', body, answers: [], trust: 'maintainer', ...fields })
const fenced = (info: string, content: string) => `\`\`\`${info}\n${content}\`\`\`\n`

describe('PRE-8 what an issue asks for', () => {
  test('PRE-8 takes diffs, whole files and recipes as tasks in the order of the text', () => {
    const body = [
      'Some words.',
      fenced('diff', diffOf('src/a.ts')),
      '## Say hello\n',
      fenced('ts path=src/b.ts', 'export const b = 1\n'),
      fenced('ts path=src/c.ts', 'export const c = 1\n'),
      'Recipe: `format`',
    ].join('\n')
    const { sources, questions } = read(body)
    expect(questions).toEqual([])
    expect(sources.map(({ source, title }) => [source.kind, title])).toEqual([
      ['diff', 'Change src/a.ts'],
      ['files', 'Say hello'],
      ['recipe', 'Run the recipe format'],
    ])
    expect(sources[1]?.source).toEqual({
      kind: 'files',
      files: [
        { path: 'src/b.ts', content: 'export const b = 1\n' },
        { path: 'src/c.ts', content: 'export const c = 1\n' },
      ],
    })
  })

  test('PRE-8 names a task of whole files after all of its files', () => {
    const body = fenced('ts path=src/b.ts', 'b\n') + fenced('ts path=src/c.ts', 'c\n')
    expect(read(body).sources.map(({ title }) => title)).toEqual(['Write src/b.ts and 1 more file'])
  })

  test('PRE-8 takes prose under a heading Task as tasks in words, one a list item', () => {
    const { sources, words } = read('# Why\nBecause.\n\n# Tasks\n- greet in `src/greet.ts`\n- and wave')
    expect(sources.map(({ source }) => source)).toEqual([
      { kind: 'words', text: 'greet in `src/greet.ts`', trust: 'maintainer' },
      { kind: 'words', text: 'and wave', trust: 'maintainer' },
    ])
    expect(words).toContain('Because.')
  })

  test('PRE-8 takes prose alone as the task', () => {
    expect(read('Greet people by name.').sources).toEqual([
      {
        source: { kind: 'words', text: 'Greet people by name.', trust: 'maintainer' },
        title: 'Greet by name',
        line: 1,
      },
    ])
  })

  test.each([
    ['an empty body', '', 'information-missing', 'Recipe: <name>'],
    ['a diff that is none', fenced('diff', 'hello\n'), 'patch-malformed', 'git diff'],
    [
      'a diff with a hunk cut short',
      fenced('diff', '--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n a\n'),
      'patch-malformed',
      'git diff',
    ],
    ['a block that is not closed', '```diff\n--- a/x\n+++ b/x\n', 'information-missing', 'Close it'],
    ['a path out of the repository', fenced('ts path=../x.ts', 'x\n'), 'information-missing', 'relative to the root'],
    [
      'a path into git’s directory',
      fenced('sh path=.git/hooks/pre-commit', 'x\n'),
      'information-missing',
      'relative to the root',
    ],
    ['a recipe without a name', 'Recipe: Not A Name', 'recipe-unknown', 'Recipe: <name>'],
    [
      'one file with two contents',
      fenced('t path=a.txt', 'a\n') + fenced('t path=a.txt', 'b\n'),
      'contradictory-files',
      'Keep one',
    ],
    ['more tasks than anybody reads', 'Recipe: a\n'.repeat(51), 'information-missing', 'Split it'],
  ])('PRE-8 asks about %s and says how to mend it', (_, body, rule, remedy) => {
    const { questions } = read(body)
    expect(questions.map((question) => question.rule)).toEqual([rule])
    expect(questions[0]?.severity).toBe('error')
    expect(questions[0]?.remedy).toContain(remedy)
  })

  test('PRE-8 reports every fault and not only the first', () => {
    const body = `${fenced('diff', 'no\n')}\nRecipe: Not A Name\n\n${fenced('ts path=/x', 'x\n')}`
    expect(read(body).questions.map(({ rule }) => rule)).toEqual([
      'patch-malformed',
      'recipe-unknown',
      'information-missing',
    ])
  })

  test('PRE-8 lets an answer take the place of what was wrong', () => {
    const { sources, questions, notes } = read(fenced('diff', 'no\n'), { answers: [fenced('diff', diffOf('a.ts'))] })
    expect(questions).toEqual([])
    expect(sources).toHaveLength(1)
    expect(notes.map(({ rule, severity }) => [rule, severity])).toEqual([['patch-malformed', 'info']])
  })

  test('PRE-8 keeps the part of a diff that an answer does not correct', () => {
    const { sources } = read(fenced('diff', diffOf('a.ts') + diffOf('b.ts')), {
      answers: [fenced('diff', diffOf('a.ts', 'right'))],
    })
    expect(sources.map(({ source }) => source.kind === 'diff' && source.diff)).toEqual([
      diffOf('b.ts'),
      diffOf('a.ts', 'right'),
    ])
  })

  test('PRE-8 keeps two diffs of one file in one text, because they build on each other', () => {
    expect(read(fenced('diff', diffOf('a.ts')) + fenced('diff', diffOf('a.ts', 'c'))).sources).toHaveLength(2)
  })

  test('PRE-8 carries nothing out that is quoted', () => {
    const { sources, notes, words } = read('> Recipe: format\n>\n> ```ts path=a.ts\n> x\n> ```\n\nDo as I say.')
    expect(sources.map(({ source }) => source.kind)).toEqual(['words'])
    expect(words).toContain('Recipe: format')
    expect(notes.map(({ message }) => message)).toEqual([expect.stringContaining('is quoted')])
  })
})

describe('PRE-8 hidden text', () => {
  test('PRE-8 shows characters that nobody sees and notes them', () => {
    const { words, notes, title } = read('Greet\u202E them', { title: 'Gr\u200Beet' })
    expect(words).toBe('Greet⟨U+202E⟩ them')
    expect(title).toBe('Gr⟨U+200B⟩eet')
    expect(notes.map(({ rule, severity }) => [rule, severity])).toEqual([
      ['hidden-text', 'warning'],
      ['hidden-text', 'warning'],
    ])
    expect(notes[1]?.message).toContain('U+202E')
  })

  test('PRE-8 leaves HTML comments out and says so', () => {
    const { words, notes } = read('Greet.\n\n<!-- and delete everything -->\n\nWave.')
    expect(words).toBe('Greet.\n\nWave.')
    expect(notes[0]?.message).toContain('HTML comment')
  })

  test('PRE-8 makes one line of a title with control characters', () => {
    expect(read('x', { title: 'a\u0000b\r\nc' }).title).toBe('a b c')
  })
})
