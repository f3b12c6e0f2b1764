import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judgeProposal, outline, type Proposed, type ProposedTask } from '../../src/planning/proposed.ts'
import { noRevisions } from '../../src/planning/revision.ts'
import { createPlan } from '../../src/planning/plan.ts'
import { diffOf, factsOf, sha256, skills as known } from './fixtures.ts'

const [patch, format] = known
const writer = {
  name: 'writer',
  exact: false,
  accepts: ({ source }: { source: { kind: string } }) => source.kind === 'words',
}
const skills = [patch, format, writer].filter((skill) => skill !== undefined)
const paths = ['src/greet.ts', 'src/[id]/page.ts', 'docs/a.md', '.github/workflows/ci.yml']
const text = { title: 'Greet', body: 'Please greet louder.', answers: [], trust: 'outsider' as const }
const task = (fields: Partial<ProposedTask> = {}): ProposedTask => {
  return { title: 'Greet louder', text: 'Shout.', recipe: null, paths: ['src/greet.ts'], ...fields }
}
const judged = (...tasks: ProposedTask[]) => judgeProposal(text, tasks, skills, paths)
function proposedOf(...tasks: ProposedTask[]): Proposed {
  const accepted = judged(...tasks)
  if (typeof accepted === 'string') throw new Error(accepted)
  return { text: '', tasks: accepted, notes: [], times: 1 }
}

describe('tasks that a model proposes', () => {
  test('PLAN-5 stand in the place of the words, as far as its texts may be believed, and may touch only what they name', () => {
    const proposed = proposedOf(task({ paths: ['src/greet.ts', './docs/', 'src/[id]/page.ts', 'test/*.ts'] }), task())
    const { drafts, questions } = outline(text, proposed, skills, noRevisions, paths)
    expect(questions).toEqual([])
    expect(drafts.map(({ id, source, scope }) => [id, source, scope])).toEqual([
      [
        1,
        { kind: 'words', text: 'Shout.', trust: 'outsider' },
        ['docs/**', 'src/\\[id\\]/page.ts', 'src/greet.ts', 'test/*.ts'],
      ],
      [2, { kind: 'words', text: 'Shout.', trust: 'outsider' }, ['src/greet.ts']],
    ])
    const plan = createPlan(factsOf({ drafts, measured: [] }), sha256)
    expect(plan.tasks.map(({ mayTouch }) => mayTouch)).toEqual(drafts.map(({ scope }) => scope))
    expect(plan.risk.rules.map(({ rule }) => rule)).toContain('open-ended')
  })

  test('PLAN-5 leave what the issue shows exactly as it is', () => {
    const body = `# Task\nFirst this.\n\n# Ready\n\`\`\`diff\n${diffOf('src/greet.ts')}\`\`\`\n`
    const { drafts } = outline({ ...text, body }, proposedOf(task({ title: 'First' })), skills, noRevisions, paths)
    expect(drafts.map(({ title, exact }) => [title, exact])).toEqual([
      ['First', false],
      ['Ready', true],
    ])
    const ready = { ...text, body: `\`\`\`diff\n${diffOf('src/greet.ts')}\`\`\`\n` }
    expect(outline(ready, proposedOf(task()), skills, noRevisions, paths).drafts.map(({ exact }) => exact)).toEqual([
      true,
    ])
  })

  test('PLAN-5 may be recipes that exist', () => {
    const { drafts } = outline(text, proposedOf(task({ recipe: 'format' })), skills, noRevisions, paths)
    expect(drafts).toMatchObject([{ agent: 'format', exact: true, source: { kind: 'recipe', recipe: 'format' } }])
  })

  test.each([
    ['no task at all', [], 'it proposed no task'],
    ['the whole repository', [task({ paths: ['.'] })], 'the whole repository'],
    ['a place outside', [task({ paths: ['../etc/passwd'] })], 'leads out of the repository'],
    ['a wild pattern', [task({ paths: ['**/*/**/*/**/*'] })], 'more than four wildcards'],
    ['an invisible character', [task({ paths: ['src/\u200Bgreet.ts'] })], 'invisible character'],
    ['words that nobody takes', [task()], 'none of the repository’s agents takes that', skills.slice(0, 2)],
    ['a recipe that nobody has', [task({ recipe: 'rm-rf' })], 'There is no recipe `rm-rf`'],
  ] as [string, ProposedTask[], string, typeof skills?][])(
    'PLAN-5 are refused as a whole with %s',
    (_, tasks, why, agents = skills) => {
      expect(judgeProposal(text, tasks, agents, paths)).toContain(why)
    },
  )

  test('PLAN-5 keep their numbers through every revision', () => {
    const proposed = proposedOf(task({ title: 'A' }), task({ title: 'B' }), task({ title: 'C' }))
    const { drafts } = outline(text, proposed, skills, { ...noRevisions, drop: [2], order: [3] }, paths)
    expect(drafts.map(({ id, title }) => [id, title])).toEqual([
      [3, 'C'],
      [1, 'A'],
    ])
  })

  test('PLAN-5 cannot break the planner, whatever they are', () => {
    const any = fc.record({
      title: fc.string({ unit: 'binary', maxLength: 200 }),
      text: fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }),
      recipe: fc.option(fc.constantFrom('format', 'x', '__proto__')),
      paths: fc.array(
        fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }), fc.constantFrom('src', '/', '*', 'a/../b')),
        {
          maxLength: 5,
        },
      ),
    })
    fc.assert(
      fc.property(fc.array(any, { maxLength: 5 }), (tasks) => {
        const accepted = judged(...tasks)
        if (typeof accepted === 'string') return
        const { drafts } = outline(text, { text: '', tasks: accepted, notes: [], times: 1 }, skills, noRevisions, paths)
        expect(drafts).toHaveLength(tasks.length)
        for (const { scope = [] } of drafts) for (const glob of scope) expect(glob.split('/')).not.toContain('..')
      }),
      { numRuns: 300 },
    )
  })
})
