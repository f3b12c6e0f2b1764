import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPlan } from '../../src/planning/plan.ts'
import { noRevisions, type Revisions } from '../../src/planning/revision.ts'
import { parseRevision } from '../../src/planning/revise.ts'
import { change, draft, factsOf, sha256 } from './fixtures.ts'

const plan = createPlan(
  factsOf({
    drafts: [draft(1), draft(2), draft(3)],
    measured: [1, 2, 3].map((task) => ({ task, files: [change(`src/${task}.ts`)], binary: [] })),
  }),
  sha256,
)
const revised = (text: string, earlier = noRevisions) => parseRevision(text, plan, earlier)

describe('PLAN-11 the grammar of /revise', () => {
  test.each([
    ['drop 2', { drop: [2] }],
    ['Drop tasks 2 and #3', { drop: [2, 3] }],
    ['order 2, 1', { order: [2, 1] }],
    ['exclude docs/**', { exclude: ['docs/**'] }],
    ['exclude docs/, /README.md', { exclude: ['docs/**', 'README.md'] }],
    ['agent 1 = format', { agents: [{ task: 1, agent: 'format' }] }],
    ['agent task 2: "format"', { agents: [{ task: 2, agent: 'format' }] }],
    ['check "unit tests; all"', { checks: ['unit tests; all'] }],
    ['check unit tests', { checks: ['unit tests'] }],
    ['probe https://example.org/health?x=1', { probes: ['https://example.org/health?x=1'] }],
    ['drop 2; order 3, 1\nprobe http://127.0.0.1:1/;', { drop: [2], order: [3, 1], probes: ['http://127.0.0.1:1/'] }],
  ] as [string, Partial<Revisions>][])('PLAN-11 reads %j', (text, revisions) => {
    const read = revised(text)
    expect(read).toEqual({ ok: true, revisions: { ...noRevisions, ...revisions }, notes: expect.any(Array) })
    expect(read.ok && read.notes.length).toBeGreaterThan(0)
  })

  test('PLAN-11 adds to what was revised before; the later agent and order win', () => {
    const earlier: Revisions = {
      drop: [9],
      order: [1],
      exclude: ['a'],
      agents: [{ task: 1, agent: 'x' }],
      checks: ['c'],
      probes: ['http://a/'],
    }
    expect(revised('drop 2; order 3; exclude a; exclude b; agent 1 = y; check d; probe http://b/', earlier)).toEqual({
      ok: true,
      notes: expect.any(Array),
      revisions: {
        drop: [9, 2],
        order: [3],
        exclude: ['a', 'b'],
        agents: [{ task: 1, agent: 'y' }],
        checks: ['c', 'd'],
        probes: ['http://a/', 'http://b/'],
      },
    })
  })

  test.each([
    ['', 'says nothing'],
    ['make the button blue', 'make the button blue'],
    ['drop', 'drop'],
    ['constructor 1', 'constructor 1'],
    ['drop 7', 'no task 7: the plan has the tasks 1, 2, 3'],
    ['drop two', 'takes numbers'],
    ['drop 1, 2, 3', 'leaves nothing'],
    ['drop 1; drop 1', 'no task 1'],
    ['order 1, 1', 'twice'],
    ['exclude', 'exclude'],
    ['exclude ../x', 'leads out'],
    ['exclude *a*a*a*a*a*b', 'wildcards'],
    ['exclude a b', 'space'],
    ['exclude {a,b}', 'brackets'],
    ['agent format', 'agent 1 = format'],
    ['agent 1 = Not/A/Name', 'agent 1 = format'],
    ['check ""', 'name of a check'],
    ['probe example.org', 'http://'],
    ['probe https://u:p@example.org/', 'password'],
    ['probe javascript:alert(1)', 'http://'],
    ['drop 2; and make it nice', 'and make it nice'],
  ])('PLAN-11 answers %j with what it cannot do and what it can', (text, why) => {
    const read = revised(text)
    if (read.ok) throw new Error('It was understood.')
    expect(read.findings.map(({ rule }) => rule)).toEqual(['revision-unclear'])
    expect(read.findings[0]?.message).toContain(why)
    for (const word of ['drop 2', 'order 2, 1', 'exclude', 'agent 1', 'check', 'probe', 'edit the issue']) {
      expect(read.findings[0]?.remedy).toContain(word)
    }
  })

  test('PLAN-11 reads anything without throwing, and what it accepts names only tasks of the plan', () => {
    const words = [
      'drop',
      'order',
      'exclude',
      'agent',
      'check',
      'probe',
      '1',
      '2',
      '3',
      '4',
      ',',
      ';',
      '\n',
      '=',
      ' ',
      '"',
      'http://a/',
      '**',
      '\u202E',
      'x',
    ]
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 4 })), { maxLength: 30 }),
        (parts) => {
          const read = revised(parts.join(''))
          const { drop, order, agents } = read.ok ? read.revisions : noRevisions
          expect(read.ok || read.findings.length > 0).toBe(true)
          for (const id of [...drop, ...order, ...agents.map(({ task }) => task)]) expect([1, 2, 3]).toContain(id)
          expect(new Set(drop).size).toBeLessThan(3)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('PLAN-11 answers a comment of 60,000 characters quickly', () => {
    const began = performance.now()
    for (const piece of ['drop 1;', 'exclude a;', '"', 'probe http://a/;', 'check ', ' ']) {
      expect(revised(piece.repeat(60_000 / piece.length)).ok).toBeTypeOf('boolean')
    }
    expect(performance.now() - began).toBeLessThan(3_000)
  })
})
