import { describe, expect, test } from 'vitest'
import type { TaskSource } from '../../src/model.ts'
import { noRevisions, type Revisions } from '../../src/planning/revision.ts'
import { draftTasks, questionsAbout } from '../../src/planning/tasks.ts'
import { diffOf, draft, parsedOf, skills } from './fixtures.ts'

const diff = (path: string, fresh?: string): TaskSource => ({ kind: 'diff', diff: diffOf(path, fresh) })
const file = (path: string, content = 'x\n'): TaskSource => ({ kind: 'files', files: [{ path, content }] })
const recipe = (name: string): TaskSource => ({ kind: 'recipe', recipe: name })
const words = (text: string): TaskSource => ({ kind: 'words', text, trust: 'maintainer' })
const made = (sources: TaskSource[], revisions: Partial<Revisions> = {}, agents = skills) =>
  draftTasks(parsedOf(sources), agents, { ...noRevisions, ...revisions })

describe('PLAN-5 drafting tasks', () => {
  test('PLAN-8 the first agent that accepts a task takes it', () => {
    const { drafts, questions } = made([diff('a.ts'), recipe('format'), words('greet')])
    expect(questions).toEqual([])
    expect(drafts.map(({ id, agent, exact }) => [id, agent, exact])).toEqual([
      [1, 'patch', true],
      [2, 'format', true],
      [3, 'human', false],
    ])
  })

  test('PLAN-5 tasks on different files need nothing of each other, a recipe needs all before it', () => {
    const { drafts } = made([diff('a.ts'), diff('b.ts'), recipe('format'), diff('a.ts', 'c')])
    expect(drafts.map(({ id, needs }) => [id, needs])).toEqual([
      [1, []],
      [2, []],
      [3, [1, 2]],
      [4, [3]],
    ])
  })

  test('PLAN-11 a revision names another agent', () => {
    const { drafts } = made([diff('a.ts'), diff('b.ts')], { agents: [{ task: 2, agent: 'human' }] })
    expect(drafts.map(({ agent }) => agent)).toEqual(['patch', 'human'])
  })

  test('PLAN-11 dropped tasks are left out and the others keep their numbers, in the revised order', () => {
    const { drafts } = made([diff('a.ts'), diff('b.ts'), diff('c.ts')], { drop: [1], order: [3] })
    expect(drafts.map(({ id }) => id)).toEqual([3, 2])
  })

  test('PLAN-11 excluded paths are taken out of diffs and files, and kept in mind for what runs', () => {
    const two: TaskSource = { kind: 'diff', diff: diffOf('docs/a.md') + diffOf('src/a.ts') }
    const { drafts } = made([two, file('docs/b.md'), recipe('format')], { exclude: ['docs/**'] })
    expect(drafts.map(({ id, paths, excluded }) => [id, paths, excluded])).toEqual([
      [1, ['src/a.ts'], ['docs/**']],
      [3, null, ['docs/**']],
    ])
    expect(drafts[0]?.source).toEqual(diff('src/a.ts'))
  })
})

describe('PRE-8 questions about the tasks', () => {
  test('PRE-8 an unknown recipe is answered with the known ones', () => {
    const { questions, drafts } = made([recipe('formt')], {}, skills.slice(0, 2))
    expect(drafts).toEqual([])
    expect(questions.map(({ rule, remedy }) => [rule, remedy])).toEqual([
      ['recipe-unknown', 'Known recipes: `format`.'],
    ])
  })

  test.each([
    ['no agent for words', [words('greet')], {}, skills.slice(0, 2), 'agent-missing'],
    ['no recipes at all', [recipe('x')], {}, skills.slice(0, 1), 'recipe-unknown'],
    [
      'a revision to an agent that is not there',
      [diff('a')],
      { agents: [{ task: 1, agent: 'nobody' }] },
      skills,
      'agent-missing',
    ],
    [
      'a revision to an agent that cannot',
      [diff('a')],
      { agents: [{ task: 1, agent: 'format' }] },
      skills,
      'agent-missing',
    ],
    ['nothing left', [diff('docs/a.md')], { exclude: ['docs/**'] }, skills, 'nothing-to-change'],
    ['a file written whole twice', [file('a', 'x'), file('a', 'y')], {}, skills, 'contradictory-files'],
    ['a whole file that undoes a diff', [diff('a'), file('a')], {}, skills, 'contradictory-files'],
    [
      'a diff of what another removes',
      [
        {
          kind: 'diff',
          diff: 'diff --git a/a b/a\ndeleted file mode 100644\n--- a/a\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n',
        },
        diff('a'),
      ],
      {},
      skills,
      'contradictory-files',
    ],
  ] as [string, TaskSource[], Partial<Revisions>, typeof skills, string][])(
    'PRE-8 asks about %s',
    (_, sources, revisions, agents, rule) => {
      const { questions } = made(sources, revisions, agents)
      expect(questions.map((question) => question.rule)).toEqual([rule])
      expect(questions[0]?.remedy).toBeTruthy()
    },
  )

  test.each([
    ['the same file with the same content', [file('a'), file('a')]],
    ['a diff on top of a whole file', [file('a'), diff('a')]],
    ['two diffs on each other', [diff('a'), diff('a', 'c')]],
  ] as [string, TaskSource[]][])('PRE-8 asks nothing about %s', (_, sources) => {
    expect(made(sources).questions).toEqual([])
  })

  const paths = ['src/api/index.ts', 'src/web/index.ts', 'src/greet.ts', 'README.md']
  const about = (source: TaskSource) => questionsAbout([draft(1, { source })], paths, [])

  test('PRE-8 asks which file a name means that several have', () => {
    const [question, ...more] = about(words('Change `index.ts` and `greet.ts` and `nothing.ts`.'))
    expect(more).toEqual([])
    expect(question?.rule).toBe('path-ambiguous')
    expect(question?.message).toContain('`src/api/index.ts`, `src/web/index.ts`')
  })

  test('PRE-8 asks about a diff that was made from another directory', () => {
    expect(about(diff('greet.ts')).map(({ rule, message }) => [rule, message])).toEqual([
      ['path-ambiguous', expect.stringContaining('`src/greet.ts`')],
    ])
  })

  test('PRE-8 asks about a whole file that differs from another in case only', () => {
    expect(about(file('readme.md')).map(({ rule }) => rule)).toEqual(['path-ambiguous'])
  })

  test.each([
    ['a diff of a file that is there', diff('src/greet.ts')],
    ['a new file', file('src/index.ts')],
    ['a name that is whole', words('Change `src/web/index.ts`, call `greet()`.')],
  ])('PRE-8 asks nothing about %s', (_, source) => {
    expect(about(source)).toEqual([])
  })

  test('PRE-8 asks nothing about a diff of a file that an earlier task makes', () => {
    const drafts = [draft(1, { source: file('greet.ts') }), draft(2, { source: diff('greet.ts') })]
    expect(questionsAbout(drafts, paths, [])).toEqual([])
  })
})
