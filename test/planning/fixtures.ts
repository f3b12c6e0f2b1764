import { createHash } from 'node:crypto'
import { parseConfig } from '../../src/config/parse.ts'
import type { Config } from '../../src/config.ts'
import type { FileChange, UpdateRequest } from '../../src/model.ts'
import type { AgentSkill, ParsedRequest, PlanFacts, TaskDraft } from '../../src/planning/facts.ts'
import { noRevisions } from '../../src/planning/revision.ts'

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

export function configOf(yaml = ''): Config {
  const parsed = parseConfig(yaml)
  if (!parsed.ok) throw new Error(parsed.faults.map(({ message }) => message).join('; '))
  return parsed.config
}

export const request: UpdateRequest = {
  repo: 'acme/shop',
  installation: 1,
  issue: 7,
  attempt: 1,
  codename: 'brave-otter',
  requester: 'ana',
  title: 'Greet by name',
  body: 'Please greet.',
  answers: [],
  trust: 'maintainer',
  label: 'pawl',
  labels: ['pawl'],
  defaultBranch: 'main',
  cloneUrl: 'http://127.0.0.1/acme/shop.git',
  htmlUrl: 'http://127.0.0.1/acme/shop',
  at: '2026-01-02T03:04:05.000Z',
}

export const skills: AgentSkill[] = [
  { name: 'patch', exact: true, accepts: ({ source }) => source.kind === 'diff' || source.kind === 'files' },
  { name: 'format', exact: true, accepts: ({ source }) => source.kind === 'recipe' && source.recipe === 'format' },
  { name: 'human', exact: false, accepts: () => true },
]

/** A diff that changes one line of a file. */
export function diffOf(path: string, fresh = 'b'): string {
  return `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-a\n+${fresh}\n`
}

export function parsedOf(sources: ParsedRequest['sources'][number]['source'][], notes: ParsedRequest['notes'] = []) {
  const titled = sources.map((source, at) => ({ source, title: `Task ${at + 1}`, line: at + 1 }))
  return { title: 'Greet by name', words: '', sources: titled, questions: [], notes } satisfies ParsedRequest
}

export function draft(id: number, fields: Partial<TaskDraft> = {}): TaskDraft {
  const source: TaskDraft['source'] = { kind: 'diff', diff: diffOf('src/greet.ts') }
  return { id, title: `Task ${id}`, agent: 'patch', exact: true, source, needs: [], paths: [], excluded: [], ...fields }
}

export function change(path: string, fields: Partial<FileChange> = {}): FileChange {
  return { path, kind: 'modify', additions: 1, deletions: 1, ...fields }
}

const ciWorkflow = 'on: [push, pull_request]\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps: []\n'

/** A small shop: `server.ts` needs `greet.ts`, a test reaches both. One task changes `greet.ts`. */
export function factsOf(fields: Partial<PlanFacts> = {}): PlanFacts {
  return {
    request,
    revision: 1,
    base: { commit: '1'.repeat(40), tree: '2'.repeat(40), branch: 'main' },
    config: configOf('health: { probes: [{ url: "http://127.0.0.1/health" }] }'),
    parsed: parsedOf([{ kind: 'diff', diff: diffOf('src/greet.ts') }]),
    drafts: [draft(1, { paths: ['src/greet.ts'] })],
    measured: [{ task: 1, files: [change('src/greet.ts')], binary: [] }],
    paths: [
      '.github/workflows/ci.yml',
      'package.json',
      'README.md',
      'src/greet.ts',
      'src/server.ts',
      'test/server.test.ts',
    ],
    dependencies: [
      { from: 'src/server.ts', to: 'src/greet.ts', kind: 'import' },
      { from: 'test/server.test.ts', to: 'src/server.ts', kind: 'import' },
    ],
    entryPoints: ['src/server.ts'],
    unresolved: 0,
    broken: [],
    exports: [],
    diffs: [],
    codeowners: null,
    workflows: [{ path: '.github/workflows/ci.yml', text: ciWorkflow }],
    requiredChecks: [],
    history: [],
    checkDurations: [],
    revisions: noRevisions,
    budget: null,
    ...fields,
  }
}
