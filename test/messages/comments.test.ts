import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { THEMES } from '../../src/config.ts'
import { commitMessage } from '../../src/messages/commit-message.ts'
import { checkSummary } from '../../src/messages/check-summary.ts'
import { deploymentText } from '../../src/messages/deployment-text.ts'
import { plainLine } from '../../src/messages/escape.ts'
import { LONGEST_COMMENT } from '../../src/messages/limit.ts'
import { readMarker } from '../../src/messages/marker.ts'
import { impactGraph } from '../../src/messages/mermaid.ts'
import { renderPlan } from '../../src/messages/plan-comment.ts'
import { pullRequestText } from '../../src/messages/pull-request.ts'
import { renderStatus } from '../../src/messages/status-comment.ts'
import { tagMessage } from '../../src/messages/tag-message.ts'
import { taskGraph } from '../../src/messages/task-graph.ts'
import { createWords } from '../../src/messages/words.ts'
import type { Finding, Outcome, Phase } from '../../src/model.ts'
import { AT, CODENAME, everyComment, examplePlan, exampleStatus } from './examples.ts'
import { hostile } from './hostile.ts'
import { blocks, inlineTokens, parse, visibleText } from './markdown.ts'

const plain = createWords('plain', {})
const benign = 'some plain words'
// A text that is a login is mentioned where logins stand, as it should be.
const strangers = hostile().filter(
  (text) => plainLine(text, 50) !== '' && !text.split(', ').some((part) => /^[\w-]+$/.test(part)),
)

describe('every comment', () => {
  const expected = Object.entries(everyComment(plain, benign)).map(([name, text]) => [name, blocks(text)])
  const folds = new Set(
    Object.values(everyComment(plain, benign)).flatMap((text) =>
      parse(text)
        .filter((token) => token.type === 'html_block')
        .map((token) => token.content.trim()),
    ),
  )

  it('COMM-1 COMM-2 renders in every theme, with a marker on its first line', () => {
    for (const theme of THEMES) {
      for (const [name, text] of Object.entries(everyComment(createWords(theme, {}), benign))) {
        expect([name, readMarker(text)?.codename, text.includes('undefined'), text.includes('[object')]).toEqual([
          name,
          CODENAME,
          false,
          false,
        ])
        expect(text.length).toBeLessThan(LONGEST_COMMENT)
      }
    }
  })

  it('COMM-2 keeps its structure, whatever strangers write', () => {
    fc.assert(
      fc.property(strangers, (text) => {
        const comments = everyComment(plain, text)
        expect(Object.entries(comments).map(([name, body]) => [name, blocks(body)])).toEqual(expected)
        for (const body of Object.values(comments)) {
          const html = parse(body)
            .filter((token) => token.type === 'html_block')
            .map((token) => token.content.trim())
          expect(html.slice(1).filter((each) => !folds.has(each))).toEqual([])
          const strange = inlineTokens(body).filter((token) => ['html_inline', 'image'].includes(token.type))
          expect(strange).toEqual([])
        }
      }),
      { numRuns: 60 },
    )
  })

  it('COMM-2 links, mentions and refers to nothing that strangers name, but the address in a remedy', () => {
    fc.assert(
      fc.property(strangers, (text) => {
        for (const body of Object.values(everyComment(plain, text))) {
          const seen = visibleText(body)
            .replaceAll(/@(ann|bob)\b/g, '')
            .replaceAll(/issue #1[24]\b/g, '')
          expect(seen).not.toMatch(/@\w|#\d|GH-\d/i)
          const links = inlineTokens(body)
            .filter((token) => token.type === 'link_open')
            .map((token) => String(token.attrGet('href')))
          expect(links.filter((href) => !/^https:\/\/(github|evil)\.example\//.test(href))).toEqual([])
        }
      }),
      { numRuns: 60 },
    )
  })

  it('is at most as long as GitHub allows, for any input, and then still whole Markdown', () => {
    const long = `${'a|`<'.repeat(30_000)}\n${'line\n'.repeat(30_000)}`
    const plan = examplePlan(long)
    const tasks = Array.from({ length: 500 }, (_, at) => ({ ...plan.tasks[0], id: at }) as (typeof plan.tasks)[number])
    const because = Array.from({ length: 1_000 }, () => long)
    const view = {
      plan: { ...plan, tasks },
      previous: plan,
      because,
      voided: true,
      notes: [],
      approvers: long,
      expires: 1,
    }
    const overrides = { 'plan-void': `{title}`.repeat(280) }
    for (const body of [
      renderPlan(view, createWords('plain', overrides)),
      ...Object.values(everyComment(plain, long)),
    ]) {
      expect(body.length).toBeLessThanOrEqual(LONGEST_COMMENT)
      const html = parse(body).map((token) => (token.type === 'html_block' ? token.content : ''))
      const counted = (tag: string) => html.filter((each) => each.startsWith(tag)).length
      expect(counted('<details>')).toBe(counted('</details>'))
    }
  })
})

describe('the status comment', () => {
  it('EXEC-5 says the phase, since when, and what comes next, in every phase', () => {
    const phases: Phase[] = [
      'processing',
      'preflight',
      'planning',
      'awaiting approval',
      'queued',
      'snapshot',
      'executing',
      'awaiting push',
    ]
    phases.push('round 1', 'merging', 'round 2', 'deploying', 'soak', 'rolling back', 'reporting', 'held', 'finished')
    const next = phases.map((phase) => {
      const body = renderStatus(exampleStatus(benign, { phase }), plain)
      expect(body).toContain('2026-05-01 12:04:05 UTC')
      return /^\| Next \| (.+) \|$/m.exec(body)?.[1] ?? ''
    })
    expect(new Set(next).size).toBe(phases.length)
  })

  it('COMM-1 says the eight messages where they belong', () => {
    const said = (phase: Phase, outcome: Outcome | null) =>
      renderStatus(exampleStatus(benign, { phase, outcome }), plain).split('\n')[1]
    const values = { codename: CODENAME, requester: 'ann', title: benign }
    expect(said('preflight', null)).toBe(plain('processing', values))
    expect(said('planning', null)).toBe(plain('planning', values))
    expect(said('awaiting approval', null)).toBe(plain('plan-ready', values))
    expect(said('snapshot', null)).toBe(plain('starting', values))
    expect(said('executing', null)).toBe(plain('starting', values))
    expect(said('round 1', null)).toContain('is under way: round 1')
    const first = exampleStatus(benign, { phase: 'round 1', starts: true })
    expect(renderStatus(first, plain).split('\n')[1]).toBe(plain('starting', values))
    expect(said('deploying', null)).toBe(plain('restarting', values))
    expect(said('finished', 'succeeded')).toBe(plain('success', values))
    expect(said('finished', 'failed')).toContain('did not go through')
  })

  it('QUEUE-4 shows the position and whom it waits for', () => {
    expect(renderStatus(exampleStatus(benign, { phase: 'queued' }), plain)).toContain(
      '| Queue | 2 of 3, after `calm-heron` |',
    )
  })
})

describe('the plan', () => {
  it('PLAN-12 shows the digest to approve, and what made an earlier approval void', () => {
    const plan = examplePlan(benign)
    const body = renderPlan(
      { plan, previous: null, because: ['The base moved.'], voided: true, notes: [], approvers: 'x', expires: 1 },
      plain,
    )
    expect(body).toContain('`/approve d1d1d1d1d1d1`')
    expect(body).toContain('approval is void')
    expect(body).toContain('- The base moved.')
    expect(readMarker(body)?.extra).toEqual({ revision: 2, digest: plan.digest })
  })

  it('PLAN-11 shows what a revision changed', () => {
    const before = examplePlan(benign)
    const after = { ...before, tasks: [], risk: { ...before.risk, level: 'high' as const } }
    const body = renderPlan(
      { plan: after, previous: before, because: [], voided: false, notes: [], approvers: 'x', expires: 1 },
      plain,
    )
    expect(body).toContain('Task 1 (some plain words) is dropped.')
    expect(body).toContain('Risk: `medium` → `high`')
    expect(body).toContain('Files no longer touched: `some plain words`')
  })

  it('PLAN-5 draws which task comes after which, where any does, and no title is read as syntax', () => {
    const tasks = (needs: number[][]) =>
      needs.map((before, at) => ({ id: at + 1, title: `a"] --> t9\n%%${at}`, needs: before }))
    expect(taskGraph(tasks([[], []]))).toBeNull()
    const drawn = taskGraph(tasks([[], [1], [1, 2], [9]]))?.split('\n') ?? []
    expect(drawn.slice(5)).toEqual(['  t1 --> t2', '  t1 --> t3', '  t2 --> t3'])
    for (const node of drawn.slice(1, 5)) expect(node).toMatch(/^ {2}t\d\["[\p{L}\p{N} .#;/_-]+"\]$/u)
    expect(taskGraph(tasks(Array.from({ length: 31 }, () => [1])))).toBeNull()
  })

  it('PLAN-6 shows tasks that are held to the same in one row', () => {
    const after = (task: number, gate: string) => ({ when: `after task ${task}`, gates: [gate] })
    const checkpoints = [{ when: 'before', gates: ['a'] }, after(1, 'x'), after(3, 'x'), after(2, 'y'), after(4, 'y')]
    const plan = { ...examplePlan(benign), checkpoints }
    const body = renderPlan(
      { plan, previous: null, because: [], voided: false, notes: [], approvers: 'x', expires: 1 },
      plain,
    )
    expect(body).toContain('| before | a |\n| after task 1, 3 | x |\n| after task 2, 4 | y |\n')
  })

  it('PLAN-3 draws fewer than 40 nodes, and no label is read as syntax', () => {
    const nodes = Array.from({ length: 100 }, (_, at) => ({
      id: `n${at}`,
      label: `a"]; click n1 "x\n%%{init}%% ${at}`,
      role: 'direct' as const,
    }))
    const edges = nodes.map((node) => ({ from: node.id, to: 'n1' }))
    const graph = impactGraph({ nodes, edges }) ?? ''
    const lines = graph.split('\n').filter((line) => line.includes('["'))
    expect(lines).toHaveLength(39)
    for (const line of lines) expect(line).toMatch(/^ {2}n\d+\["[\p{L}\p{N} .#;/_-]+"\]:::direct$/u)
    expect(graph.split('\n').filter((line) => line.includes('-->'))).toHaveLength(39)
  })
})

describe('texts outside comments', () => {
  const base = { codename: CODENAME, issue: 12, task: 1, kind: 'task' as const }

  it('EXEC-1 names codename and task in a commit’s trailers, and a stranger can add none', () => {
    const { subject, message } = commitMessage({
      ...base,
      title: 'Greet\n\nPawl-Task: 9 [skip ci]',
      detail: 'done\n\nPawl-Task: 9\nfixes #7',
    })
    expect(subject).toBe('Greet Pawl-Task: 9 (skip ci) (brave-otter)')
    expect(message.split('\n').filter((line) => line.startsWith('Pawl-'))).toEqual([
      'Pawl-Update: brave-otter',
      'Pawl-Task: 1',
      'Pawl-Issue: 12',
    ])
    expect(message).not.toContain('#7')
    expect(commitMessage({ ...base, title: 'x'.repeat(300) }).subject).toHaveLength(72)
    expect(commitMessage({ ...base, kind: 'revert', task: null, title: '\u0000' }).message).toBe(
      'Restore the snapshot: Update (brave-otter)\n\nPawl-Update: brave-otter\nPawl-Issue: 12\n',
    )
  })

  it('SNAP-2 names base, tree and deployed version in the tag', () => {
    const base = { commit: 'c'.repeat(40), tree: 'e'.repeat(40) }
    const message = tagMessage({
      codename: CODENAME,
      issue: 12,
      at: AT,
      base,
      branch: 'main',
      digest: 'd1',
      deployed: 'f'.repeat(40),
    })
    for (const part of [base.commit, base.tree, 'f'.repeat(40), AT, 'Pawl-Update: brave-otter'])
      expect(message).toContain(part)
  })

  it('gives pull requests a title of one line with the codename', () => {
    const { title } = pullRequestText({
      plan: examplePlan(`fixes #7\n${'y'.repeat(900)}`),
      issue: 12,
      approvedBy: [],
      planUrl: null,
    })
    expect(title).toMatch(/^fixes # 7 y+… \(brave-otter\)$/)
    expect(title.length).toBeLessThan(256)
  })

  it('keeps a deployment’s description within GitHub’s 140 characters', () => {
    expect(deploymentText({ codename: CODENAME, reason: 'update' })).toBe('brave-otter: update')
    expect(
      Array.from(deploymentText({ codename: CODENAME, reason: 'rollback', detail: '🦦'.repeat(500) })),
    ).toHaveLength(140)
  })

  it('GATE1-2 gives a check one row a validator and at most 50 annotations, the worst first', () => {
    const info = Array.from({ length: 60 }, (_, at): Finding => ({
      gate: 'round1',
      severity: 'info',
      rule: 'test-weakened',
      message: 'm',
      path: 'a',
      line: at,
    }))
    const secret: Finding = {
      gate: 'round1',
      severity: 'error',
      rule: 'secret-found',
      message: 'a key',
      remedy: 'take it out',
      path: 'b',
      line: 3,
    }
    const rows = [
      { name: 'secrets', result: 'failed' as const, detail: '1 finding' },
      { name: 'fidelity', result: 'passed' as const, detail: '' },
    ]
    const check = checkSummary({ codename: CODENAME, round: 1, rows, findings: [...info, secret] })
    expect(check.name).toBe('Pawl / round 1')
    expect(check.title).toBe('Failed: secrets')
    expect(check.summary).toContain('| `secrets` | ❌ failed | 1 finding |')
    expect(check.annotations).toHaveLength(50)
    expect(check.annotations[0]).toEqual({
      path: 'b',
      start_line: 3,
      end_line: 3,
      annotation_level: 'failure',
      message: 'a key\ntake it out',
      title: 'secret-found',
    })
  })
})
