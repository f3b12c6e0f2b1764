import type { Deed, World } from './contract.ts'
import { setState } from './issue-changes.ts'
import { issueByNumber } from './issues.ts'

const WORDS = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+#(\d+)\b/gi

/** Closes the open issues that a text says it closes (`Fixes #12`), once the default branch holds what it is about. */
export function closeMentioned(world: World, deed: Deed, text: string, commitSha: string): void {
  for (const [, number] of text.matchAll(WORDS)) {
    const issue = issueByNumber(world, deed.repository, Number(number))
    if (issue?.state === 'open' && !issue.isPull) setState(world, deed, issue, 'closed', { commitSha })
  }
}
