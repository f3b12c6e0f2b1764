import type { Handlers } from '../contract.ts'
import { branches } from './branches.ts'
import { checkLists } from './check-lists.ts'
import { checkRuns } from './check-runs.ts'
import { commits } from './commits.ts'
import { contents } from './contents.ts'
import { deployments } from './deployments.ts'
import { gitObjects } from './git-objects.ts'
import { gitRefs } from './git-refs.ts'
import { merges } from './merges.ts'
import { pullLists } from './pull-lists.ts'
import { pullMerge } from './pull-merge.ts'
import { pulls } from './pulls.ts'
import { releases } from './releases.ts'
import { reviewers } from './reviewers.ts'
import { reviews } from './reviews.ts'
import { statuses } from './statuses.ts'
import { workflowRuns } from './workflow-runs.ts'
import { workflows } from './workflows.ts'

/** The operations around commits. */
export const code: Handlers = {
  ...branches,
  ...commits,
  ...contents,
  ...merges,
  ...gitRefs,
  ...gitObjects,
  ...pulls,
  ...pullMerge,
  ...pullLists,
  ...reviews,
  ...reviewers,
  ...checkRuns,
  ...checkLists,
  ...statuses,
  ...deployments,
  ...releases,
  ...workflows,
  ...workflowRuns,
}
