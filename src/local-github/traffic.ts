import type { OperationId } from './openapi/operations.ts'

/** Requests of the app, by JWT or installation token. A 304 counts as a request. */
export interface Traffic {
  requests: number
  /** Everything but GET. */
  writes: number
  /** Those that GitHub's limit on creating content counts (80 a minute, 500 an hour). */
  contentCreating: number
  byOperation: Record<string, number>
}

/** What makes something new that people see or are told of; edits, labels and closing make nothing new. */
const CONTENT: ReadonlySet<string> = new Set<OperationId>([
  'issues/create',
  'issues/create-comment',
  'reactions/create-for-issue',
  'reactions/create-for-issue-comment',
  'pulls/create',
  'pulls/merge',
  'pulls/create-review',
  'pulls/request-reviewers',
  'repos/create-or-update-file-contents',
  'repos/merge',
  'repos/create-deployment',
  'repos/create-deployment-status',
  'repos/create-commit-status',
  'repos/create-release',
  'git/create-commit',
  'checks/create',
])

/** What is counted: an operation by its id, or `graphql`. */
type Counted = { id: string; method: string }

export function createTraffic(): { count(operation: Counted): void; read(): Traffic } {
  const so: Traffic = { requests: 0, writes: 0, contentCreating: 0, byOperation: {} }
  return {
    count(operation) {
      so.requests += 1
      if (operation.method !== 'GET') so.writes += 1
      if (CONTENT.has(operation.id)) so.contentCreating += 1
      so.byOperation[operation.id] = (so.byOperation[operation.id] ?? 0) + 1
    },
    read: () => ({ ...so, byOperation: { ...so.byOperation } }),
  }
}
