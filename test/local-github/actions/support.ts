import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type {
  JobState,
  JsonObject,
  Runner,
  RunOutcome,
  RunReport,
  RunRequest,
} from '../../../src/local-github/actions/contract.ts'
import { createCommit } from '../../../src/local-github/git/commits.ts'
import { writeRefs } from '../../../src/local-github/git/refs.ts'
import { initRepository } from '../../../src/local-github/git/repository.ts'
import { createTree } from '../../../src/local-github/git/new-tree.ts'

const someone = { name: 'Mona', email: 'mona@example.org', date: '2026-01-02T03:04:05Z' }

/** A bare repository in a folder of its own, with runs on it. */
export interface Scene {
  folder: string
  repository: string
  /** Commits files over what is on the branch before and moves it. */
  commit: (files: Record<string, string>, branch?: string, message?: string) => Promise<string>
  request: (sha: string, more?: Partial<RunRequest>) => RunRequest
  remove: () => Promise<void>
}

export async function makeScene(): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'actions-'))
  const repository = join(folder, 'octo', 'demo.git')
  await initRepository(repository, 'main')
  const heads = new Map<string, string>()
  let runs = 0
  return {
    folder,
    repository,
    async commit(files, branch = 'main', message = 'Change') {
      const before = heads.get(branch) ?? heads.get('main') ?? null
      const entries = Object.entries(files).map(([path, content]) => ({ path, mode: '100644', content }) as const)
      const tree = await createTree(repository, before, entries)
      if (!tree.ok) throw new Error(tree.message)
      const parents = before === null ? [] : [before]
      const sha = await createCommit(repository, {
        tree: tree.sha,
        parents,
        message,
        author: someone,
        committer: someone,
      })
      if (sha === null) throw new Error('no commit')
      await writeRefs(repository, { name: `refs/heads/${branch}`, before: heads.get(branch) ?? null, after: sha })
      heads.set(branch, sha)
      return sha
    },
    request: (sha, more = {}) => {
      runs += 1
      return {
        event: { name: 'push', payload: { ref: 'refs/heads/main' }, ref: 'refs/heads/main', sha, changedFiles: null },
        workflowPath: '.github/workflows/ci.yml',
        repository,
        fullName: 'octo/demo',
        defaultBranch: 'main',
        actor: 'mona',
        headRef: '',
        baseRef: '',
        runId: 1000 + runs,
        runNumber: runs,
        runAttempt: 1,
        serverUrl: 'http://127.0.0.1:9',
        apiUrl: 'http://127.0.0.1:9/api/v3',
        graphqlUrl: 'http://127.0.0.1:9/api/graphql',
        token: () => Promise.resolve('ghs_token_of_the_job'),
        secrets: {},
        vars: {},
        workDirectory: join(folder, 'runs', String(runs)),
        signal: new AbortController().signal,
        report: () => {},
        ...more,
      }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/** What a run came to, with all that it reported. */
export interface Told extends RunOutcome {
  reports: RunReport[]
  /** The job of this key as last reported. */
  job: (key: string) => JobState
  /** Everything that a job said. */
  text: (key: string) => string
}

/** Commits a workflow, runs it for a push and gathers its reports. */
export async function runWorkflow(
  scene: Scene,
  runner: Runner,
  workflow: string,
  more: Partial<RunRequest> & { files?: Record<string, string>; payload?: JsonObject } = {},
): Promise<Told> {
  const { files, payload, ...rest } = more
  const sha = await scene.commit({ '.github/workflows/ci.yml': workflow, ...files })
  const reports: RunReport[] = []
  const base = scene.request(sha, rest)
  const request: RunRequest = {
    ...base,
    event: payload === undefined ? base.event : { ...base.event, payload },
    report: async (report) => {
      reports.push(report)
      await rest.report?.(report)
    },
  }
  const outcome = await runner.run(request)
  return { ...outcome, reports, job: (key) => jobIn(reports, key), text: (key) => textIn(reports, key) }
}

function jobIn(reports: RunReport[], key: string): JobState {
  const found = reports.findLast((report) => report.kind === 'job' && report.job.key === key)
  if (found?.kind !== 'job') throw new Error(`no report of the job ${key}`)
  return found.job
}

function textIn(reports: RunReport[], key: string): string {
  return reports.flatMap((report) => (report.kind === 'log' && report.jobKey === key ? [report.text] : [])).join('')
}
