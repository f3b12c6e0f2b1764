import type { Handlers } from '../contract.ts'
import { accessTokens } from './access-tokens.ts'
import { appHook } from './app-hook.ts'
import { apps } from './apps.ts'
import { code } from './code.ts'
import { collaborators } from './collaborators.ts'
import { comments } from './comments.ts'
import { issueLabels } from './issue-labels.ts'
import { issues } from './issues.ts'
import { labels } from './labels.ts'
import { meta } from './meta.ts'
import { protections } from './protection.ts'
import { reactions } from './reactions.ts'
import { repositories } from './repositories.ts'
import { teams } from './teams.ts'
import { timelines } from './timeline.ts'
import { users } from './users.ts'

/** Every operation's handler; a test sees to it that none is missing. */
export const HANDLERS: Handlers = {
  ...meta,
  ...accessTokens,
  ...appHook,
  ...apps,
  ...users,
  ...teams,
  ...repositories,
  ...collaborators,
  ...protections,
  ...issues,
  ...comments,
  ...labels,
  ...issueLabels,
  ...timelines,
  ...reactions,
  ...code,
}
