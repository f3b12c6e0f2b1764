import { send } from '../engine.ts'
import type { InboxMessage, RepositoryName } from '../model.ts'
import type { IssueNow } from '../model/issue-now.ts'
import { idOf, type Pipeline } from '../pipeline.ts'
import { parseCommand } from '../policy/command.ts'
import type { About, Commented, Labelled } from '../stages/open.ts'
import type { Nudge } from '../stages/order.ts'
import type { Stages } from '../stages/stages.ts'
import { INBOX } from './waits.ts'

/**
 * The ways into the story. Each may be called again with the same delivery and then changes nothing more: updates are
 * opened once an issue, workflows start once an id, messages arrive once a delivery.
 */
export function createDoors(stages: Stages, pipeline: Pipeline) {
  const tell = async (about: About, message: InboxMessage, delivery: string) => {
    const update = await stages.openUpdate(about)
    if (!update) return
    const key = `notice:${delivery}`
    await pipeline.notice.start(key, { request: update.request, workflow: update.workflow, message, key })
  }
  return {
    /** What any webhook says of an issue: it saves asking. */
    seen: (about: About, issue: IssueNow): Promise<void> => stages.see(about, issue),
    /** The configured label was put on an issue. Another label is nothing to us. */
    async labelled(label: Labelled): Promise<void> {
      const proposal = await stages.open(label)
      if (proposal) await pipeline.propose.start(idOf(proposal.request), proposal)
    },
    async unlabelled(about: About, label: string, actor: string, delivery: string): Promise<void> {
      const update = await stages.openUpdate(about)
      if (update?.request.label === label) await tell(about, { kind: 'label-removed', actor }, delivery)
    },
    async closed(about: About, actor: string, delivery: string): Promise<void> {
      await tell(about, { kind: 'issue-closed', actor }, delivery)
    },
    /** An edit voids a plan that waits; where information was missing, it starts the whole process again (PRE-8). */
    async edited(about: About, text: { title: string; body: string; actor: string }, delivery: string): Promise<void> {
      const again = await stages.completed(about, { kind: 'edit', actor: text.actor }, delivery)
      if (again) await pipeline.propose.start(idOf(again.request), again)
      else await tell(about, { kind: 'issue-edited', ...text, at: new Date().toISOString() }, delivery)
    },
    async commented(comment: Commented): Promise<void> {
      const update = await stages.latestUpdate(comment)
      if (!update) return
      const { actor, body } = comment
      const command = parseCommand(body)
      if (command) {
        await pipeline.heed.start(`heed:${comment.delivery}`, {
          ...comment,
          command,
          codename: update.request.codename,
        })
        return
      }
      if (comment.pull) return
      const again = await stages.completed(comment, { kind: 'answer', actor, body }, comment.delivery)
      if (again) await pipeline.propose.start(idOf(again.request), again)
    },
    /** Something happened in the repository that a waiting update may want to look at. */
    async nudge(repo: RepositoryName, nudge: Nudge, delivery: string): Promise<void> {
      for (const workflow of await stages.listeners(repo)) await send(workflow, nudge, INBOX, `${delivery}:${workflow}`)
    },
  }
}

export type Doors = ReturnType<typeof createDoors>
