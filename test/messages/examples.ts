import type { Certificate, Finding, Plan, Task } from '../../src/model.ts'
import { renderBlocked } from '../../src/messages/blocked.ts'
import { renderCallForHelp } from '../../src/messages/call-for-help.ts'
import { renderCertificate } from '../../src/messages/certificate.ts'
import { renderChangeReport, type ChangeReport } from '../../src/messages/change-report.ts'
import { renderHelp, renderRefused, renderStatusReply } from '../../src/messages/command-replies.ts'
import { renderConfigFaults } from '../../src/messages/config-faults.ts'
import { renderEnding } from '../../src/messages/ending.ts'
import { renderFailureReport, type FailureReport } from '../../src/messages/failure-report.ts'
import { renderPlan } from '../../src/messages/plan-comment.ts'
import { handoverText, renderHandover, renderPushRefused, renderPushReminder } from '../../src/messages/handover.ts'
import { pullRequestText } from '../../src/messages/pull-request.ts'
import { renderQuestions } from '../../src/messages/questions.ts'
import { renderReceipt } from '../../src/messages/receipt.ts'
import { renderRefusal } from '../../src/messages/refusal.ts'
import { renderReminder } from '../../src/messages/reminder.ts'
import { renderStatus, type StatusView } from '../../src/messages/status-comment.ts'
import type { Words } from '../../src/messages/words.ts'

export const CODENAME = 'brave-otter'
export const AT = '2026-05-01T12:04:05.678Z'
const SHA = '0123456789abcdef0123456789abcdef01234567'
const TREE = 'fedcba9876543210fedcba9876543210fedcba98'
const estimate = { p50: 90_000, p90: 240_000, basis: 'from 12 finished updates' }

/** Everything in the examples that a stranger could have written is this text. */
export type Stranger = string

function exampleTask(text: Stranger): Task {
  return {
    id: 1,
    title: text,
    agent: 'patch',
    needs: [],
    source: { kind: 'diff', diff: text },
    exact: true,
    changes: [{ path: text, kind: 'modify', additions: 3, deletions: 1, from: 'src/old.ts' }],
    mayTouch: [text],
    excluded: [text],
    integrates: ['src/server.ts'],
    tests: ['test/greeting.test.ts'],
    validation: 'round 1',
    rollbackPoint: 'the commit before',
    estimate,
  }
}

export function examplePlan(text: Stranger): Plan {
  return {
    codename: CODENAME,
    revision: 2,
    base: { commit: SHA, tree: TREE, branch: 'main' },
    request: { title: text, textDigest: 'aa'.repeat(32), requester: 'ann' },
    configDigest: 'bb'.repeat(32),
    settingsDigest: 'cc'.repeat(32),
    scope: { summary: text, size: 'small', complexity: 'simple', files: 1, lines: 4 },
    impact: {
      direct: ['src/server.ts', text],
      transitive: ['src/main.ts'],
      modules: ['src'],
      tests: ['test/greeting.test.ts'],
      owners: ['@my-org/web'],
      entryPoints: ['src/main.ts'],
      deployables: ['.'],
      areas: [{ area: 'test', paths: ['test/greeting.test.ts'] }],
      secretNames: [{ path: text, names: ['API_TOKEN'] }],
      workflows: ['.github/workflows/ci.yml'],
      exportsChanged: [{ path: 'src/greeting.ts', added: ['greet'], removed: [], changed: [text], public: true }],
      drawing: {
        nodes: [
          { id: 'src/greeting.ts', label: 'src/greeting.ts', role: 'changed' },
          { id: text, label: text, role: 'direct' },
          { id: 'src/main.ts', label: 'src/main.ts', role: 'transitive' },
        ],
        edges: [
          { from: text, to: 'src/greeting.ts' },
          { from: 'src/main.ts', to: text },
        ],
      },
      unresolved: 1,
    },
    risk: {
      level: 'medium',
      rules: [{ rule: 'exports-changed', level: 'medium', why: text, mitigation: 'Two more tests are run.' }],
      reviewers: ['secrets'],
    },
    tasks: [exampleTask(text)],
    checkpoints: [{ when: 'before the merge', gates: ['round 1', 'secrets'] }],
    checks: {
      round1: { mode: 'all', names: ['test', text], workflows: 1 },
      round2: { mode: 'named', names: ['test'], workflows: 1 },
    },
    reviewers: ['secrets', 'fidelity'],
    protectedPaths: ['.github/workflows/ci.yml'],
    resources: {
      estimate,
      agents: [{ name: 'patch', tasks: [1] }],
      prerequisites: ['The workflow ci.yml runs on pull requests'],
      constraints: ['One update at a time'],
      budget: null,
    },
    criteria: [
      { kind: 'files-as-planned' },
      { kind: 'checks-pass', round: 1 },
      { kind: 'tree-is-checked-tree' },
      { kind: 'deployed', environment: 'production' },
      { kind: 'healthy', probe: text },
    ],
    health: { probes: [], soak: 600_000 },
    communication: ['starting, when its turn comes'],
    approvals: { needed: 1, requesterMay: true },
    deploy: { via: 'deployment', environment: 'production' },
    digest: 'd1'.repeat(32),
  }
}

const links = {
  plan: 'https://github.example/o/r/issues/12#issuecomment-1',
  pull: { number: 13, url: 'https://github.example/o/r/pull/13' },
}

function exampleFindings(text: Stranger): Finding[] {
  return [
    { gate: 'round1', severity: 'error', rule: 'check-failed', message: text, remedy: text, path: text, line: 7 },
    { gate: 'round1', severity: 'warning', rule: 'test-weakened', message: 'A test lost an assertion.' },
  ]
}

const phases = [
  { name: 'preflight' as const, startedAt: AT, ms: 850, attempts: 1 },
  { name: 'round 1' as const, startedAt: AT, ms: 187_000, attempts: 2 },
]

function exampleReport(text: Stranger): ChangeReport {
  return {
    codename: CODENAME,
    title: text,
    requester: 'ann',
    approvedBy: ['bob'],
    files: [{ path: text, kind: 'modify', additions: 3, deletions: 1 }],
    merged: { commit: SHA, tree: TREE },
    deployment: { environment: 'production', sha: SHA, detail: text, url: text },
    validations: [
      { round: '1', name: text, passed: true, detail: text, url: 'https://github.example/run/1' },
      { round: 'soak', name: 'web', passed: true, detail: '40 samples, p95 12 ms' },
    ],
    criteria: [{ criterion: { kind: 'files-as-planned' }, met: true, evidence: text }],
    accuracy: {
      files: { predicted: ['a'], actual: ['a', 'b'], open: false },
      tasks: { predicted: 1, actual: 1 },
      duration: { p50: 90_000, p90: 240_000, actual: 200_000 },
    },
    calibration: {
      updates: 2,
      withinP90: 0.5,
      medianError: 0.25,
      precision: 1,
      recall: 0.5,
      overTime: [{ codename: CODENAME, at: AT, error: 0.25, withinP90: true }],
    },
    phases,
    fixes: 1,
    accounts: [{ agent: 'writer', task: 1, fix: 1, said: text }],
    links,
  }
}

function exampleCertificate(text: Stranger): Certificate {
  return {
    codename: CODENAME,
    at: AT,
    restoration: 'exact',
    snapshot: { commit: SHA, tree: TREE },
    final: { commit: TREE, tree: TREE },
    deployed: { sha: SHA, state: text },
    probes: [{ probe: text, healthy: true, detail: text }],
    statement: text,
  }
}

function exampleFailure(text: Stranger): FailureReport {
  return {
    codename: CODENAME,
    title: text,
    requester: 'ann',
    outcome: 'rolled-back',
    phase: 'soak',
    phases,
    fixes: 1,
    findings: exampleFindings(text),
    cause: text,
    excerpts: [{ title: text, url: text, text }],
    certificate: exampleCertificate(text),
    cleared: [{ codename: 'calm-heron', issue: 14 }],
    links,
  }
}

export function exampleStatus(text: Stranger, more: Partial<StatusView> = {}): StatusView {
  return {
    codename: CODENAME,
    title: text,
    requester: 'ann',
    attempt: 2,
    phase: 'round 1',
    since: AT,
    outcome: null,
    held: null,
    queue: { position: 2, of: 3, waitsFor: ['calm-heron'] },
    phases,
    starts: false,
    fixes: 1,
    links,
    findings: exampleFindings(text),
    report: null,
    ...more,
  }
}

/** Every comment that Pawl writes, by name, with a stranger's text wherever one can stand. */
export function everyComment(words: Words, text: Stranger): Record<string, string> {
  const base = { codename: CODENAME, requester: 'ann' }
  const plan = examplePlan(text)
  const previous: Plan = { ...plan, revision: 1, tasks: [{ ...exampleTask(text), id: 3, agent: 'human' }] }
  const decision = { approvers: `somebody with write permission or ${text}`, expires: 604_800_000 }
  const findings = exampleFindings(text)
  const reply = { codename: CODENAME, comment: 77, actor: 'bob' }
  const success = { kind: 'success' as const, report: exampleReport(text) }
  const failure = { kind: 'failure' as const, report: exampleFailure(text) }
  const branch = `pawl/${CODENAME}`
  const handed = { plan, issue: 12, branch, withinMs: 60_000, approvedBy: ['bob'], planUrl: text }
  return {
    status: renderStatus(exampleStatus(text), words),
    queued: renderStatus(exampleStatus(text, { phase: 'queued', findings: [] }), words),
    succeeded: renderStatus(exampleStatus(text, { phase: 'finished', outcome: 'succeeded', report: success }), words),
    failed: renderStatus(exampleStatus(text, { phase: 'finished', outcome: 'rolled-back', report: failure }), words),
    plan: renderPlan({ plan, previous: null, because: [], voided: false, notes: [], ...decision }, words),
    revised: renderPlan({ plan, previous, because: [text], voided: true, notes: findings, ...decision }, words),
    blocked: renderBlocked({ ...base, findings }, words),
    questions: renderQuestions({ ...base, questions: findings }, words),
    'config faults': renderConfigFaults(
      {
        ...base,
        url: 'https://github.example/o/r/blob/main/.github/pawl.yml',
        faults: [{ line: 3, column: 1, path: text, message: text, remedy: text }],
        findings,
      },
      words,
    ),
    refusal: renderRefusal({ codename: CODENAME, person: text, label: text, findings, helpers: text }, words),
    refused: renderRefused({ ...reply, command: { name: 'unknown', word: text }, findings }, words),
    'status reply': renderStatusReply({
      ...reply,
      phase: 'queued',
      since: AT,
      outcome: null,
      held: { by: text, at: AT },
      findings,
      queue: exampleStatus(text).queue,
      links,
    }),
    help: renderHelp(reply),
    reminder: renderReminder({ ...base, digest: plan.digest, approvers: text, expiresAt: AT, planUrl: text }, words),
    rejected: renderEnding({ ...base, kind: 'rejected', findings }, words),
    expired: renderEnding({ ...base, kind: 'expired', findings: [] }, words),
    cancelled: renderEnding({ ...base, kind: 'cancelled', findings }, words),
    held: renderEnding({ ...base, kind: 'held', findings: [] }, words),
    'change report': renderChangeReport(exampleReport(text), words),
    'failure report': renderFailureReport(exampleFailure(text), words),
    certificate: renderCertificate(exampleCertificate(text), words),
    receipt: renderReceipt({ ...base, position: 2, failed: { codename: text, issue: 12, outcome: text } }, words),
    'call for help': renderCallForHelp(
      {
        codename: CODENAME,
        people: ['ann', text],
        findings,
        branch: text,
        snapshot: { commit: SHA, tree: TREE, tag: text, branch: 'main', at: AT, deployed: null },
        merged: { commit: SHA, tree: TREE },
      },
      words,
    ),
    'pull request': pullRequestText({ plan, issue: 12, approvedBy: ['bob'], planUrl: text }).body,
    ...Object.fromEntries(
      plan.tasks.map((task) => [`draft of task ${task.id}`, handoverText({ ...handed, task }).body]),
    ),
    ...Object.fromEntries(
      plan.tasks.map((task) => [`handover of task ${task.id}`, renderHandover({ ...handed, task }, SHA, findings)]),
    ),
    'push refused': renderPushRefused(CODENAME, SHA, findings),
    'push reminder': renderPushReminder(CODENAME, SHA, text, 60_000),
  }
}
