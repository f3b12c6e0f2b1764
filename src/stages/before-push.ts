import type { ReviewerName } from '../config/risk.ts'
import type { FileChange, Finding, MeasuredFile, Plan, Task } from '../model.ts'
import { createValidators } from '../validators/choose.ts'
import { reporter } from '../validators/report.ts'
import { structureFindings } from '../validators/structure.ts'
import type { Change, Place } from './change.ts'

/** A change that takes longer to be judged is refused by an exception, and the step is tried again. */
const LONGEST_MS = 120_000

type Made = Pick<Change, 'tree' | 'files' | 'diff'>

/**
 * What may not even be pushed: with a branch its workflows begin to run, with what the repository gives them, long before
 * round 1 has an answer. So what guards workflows, links and secrets is asked of every commit before it leaves this host.
 */
export async function faultsBeforePush(
  place: Place,
  plan: Plan,
  task: Task,
  from: string,
  change: Made,
): Promise<Finding[]> {
  const { config } = place
  const guards: ReviewerName[] = ['protected-paths', ...reviewersBeforePush(plan, task)]
  // Neither a model nor GitHub is asked here; round 1 does.
  const opinion = () => Promise.reject(new Error('no model is asked before the push'))
  const options = {
    gate: 'execution',
    protectedPaths: config.protected,
    fileLimit: config.limits.file,
    opinion,
  } as const
  const context = { ...(await contextOf(place, from, change)), plan, diff: change.diff, advisories: null }
  const said = await Promise.all(createValidators(guards, options).map((validator) => validator.review(context)))
  return said.flat().filter(({ severity }) => severity === 'error')
}

/** What a plan need not be made for, because round 1 would refuse it whatever people say. */
export async function faultsOfDraft(
  place: Place,
  draft: Pick<Task, 'source'>,
  from: string,
  change: Made & { changes: FileChange[] },
): Promise<Finding[]> {
  const plan = { tasks: [{ source: draft.source, changes: change.changes }] }
  const context = { ...(await contextOf(place, from, change)), plan }
  const found = await structureFindings(context, place.config.limits.file, reporter('plan'))
  return found.filter(({ severity }) => severity === 'error')
}

/** What an issue shows has been seen by whoever can read it; what an agent or a recipe writes has not. */
function reviewersBeforePush({ reviewers }: Plan, { source }: Task): ReviewerName[] {
  const written = source.kind === 'words' || source.kind === 'recipe'
  const asked: ReviewerName[] = written ? ['dependencies', 'secrets'] : ['dependencies']
  return asked.filter((name) => reviewers.includes(name))
}

async function contextOf({ git }: Place, from: string, { tree, files }: { tree: string; files: MeasuredFile[] }) {
  return {
    files,
    read: (path: string) => git.readText(tree, path),
    readBase: (path: string) => git.readText(from, path),
    tree: await git.paths(tree),
    signal: AbortSignal.timeout(LONGEST_MS),
  }
}
