import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseRequest } from '../../src/planning/request.ts'

const read = (body: string) => parseRequest({ title: 'T', body, answers: [], trust: 'outsider' })

const pieces = [
  '```',
  '```diff\n',
  '```ts path=a\n',
  '~~~',
  '>',
  '- ',
  '# Task\n',
  '<!--',
  '-->',
  '\n',
  '\n\n',
  'Recipe: a\n',
  '--- a/x\n',
  '+++ b/x\n',
  '@@ -1 +1 @@\n',
  '+',
  '-',
  ' ',
  'diff --git a/x b/x\n',
  'GIT binary patch\n',
  'literal 3\n',
  '"a\\303',
  '\u202E',
  '\0',
  '[a]: b\n',
  '    ',
  '\t',
  '|',
  '=',
  '\ud800',
]

test('PRE-8 reads any text without throwing, and asks whenever there is no task', () => {
  const hostile = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 5 })), { maxLength: 60 })
  fc.assert(
    fc.property(hostile, fc.array(hostile, { maxLength: 2 }), (body, answers) => {
      const text = { title: body.join(''), body: body.join(''), answers: answers.map((one) => one.join('')) }
      const { sources, questions, title } = parseRequest({ ...text, trust: 'outsider' })
      expect(sources.length + questions.length).toBeGreaterThan(0)
      expect(title).not.toMatch(/[\p{Cc}\u202E]/u)
      for (const question of questions) expect(question.remedy).toBeTruthy()
    }),
    { numRuns: 500 },
  )
})

test('PRE-8 reads repeated pieces of 300,000 characters in time that grows with the length', () => {
  const slow: string[] = []
  for (const piece of [
    ...pieces,
    '* a\n\n',
    'a\n\n',
    '> - ',
    '- a\n  - b\n',
    '<!---->',
    '```ts path=a\nx\n```\n',
    '`a` ',
  ]) {
    const began = performance.now()
    read(piece.repeat(Math.floor(300_000 / piece.length)))
    read('```diff\n' + piece.repeat(Math.floor(300_000 / piece.length)) + '\n```')
    // Quadratic work on this length takes minutes; linear work some tenths of a second.
    if (performance.now() - began > 5_000) slow.push(piece)
  }
  expect(slow).toEqual([])
}, 60_000)

test('PRE-8 asks to split a request that is longer than GitHub allows many times over', () => {
  const { questions, sources } = read('a'.repeat(1_000_000))
  expect(sources).toEqual([])
  expect(questions.map(({ message }) => message)).toEqual(['The request is longer than 400000 characters.'])
})
