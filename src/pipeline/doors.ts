import { send } from '../engine.ts'
import type { InboxMessage, RepositoryName } from '../model.ts'
import { parseCommand } from '../policy/command.ts'
import type { Stages } from '../stages/stages.ts'
import { idOf, type Pipeline } from '../pipeline.ts'
import { INBOX } from './waits.ts'

/** An issue, as webhooks name it. */
export type About = { repo: RepositoryName; issue: number }

/** Who put which label on what; `title` and `body` are those of this moment. */
export type Labelled = About & {
  delivery: string
  installation: number
  title: string
  body: string
  label: string
  requester: string
  defaultBranch: string
  cloneUrl: string
  htmlUrl: string
}

/** A new comment on an issue, or on a pull request when `pull` is true. */
export type Commented = About & {
  delivery: string
  comment: number
  pull: boolean
  actor: string
  body: string
  at: string
}

/** A message, the workflow it is for, and the delivery that makes it exactly one. */
export type Forwarded = { workflow: string; message: InboxMessage }

/**
 * The ways into the story. Each may be called again with the same delivery and then changes nothing more: updates are
 * opened once an issue, workflows start once an id, messages arrive once a delivery.
 */
export function createDoors(stages: Stages, pipeline: Pipeline) {
  const begin = async (repo: RepositoryName, proposal: Awaited<ReturnType<Stages['open']>>) => {
    if (proposal === null) return
    await pipeline.propose.start(idOf(proposal.request), proposal)
  }
  const tell = async (about: About, message: InboxMessage, delivery: string) => {
    const update = await stages.openUpdate(about)
    if (update) await send(update.workflow, message, INBOX, delivery)
  }
  return {
    tell,
    async labelled(label: Labelled): Promise<void> {
      if (!(await stages.isTrigger(label))) return
      await begin(label.repo, await stages.open(label))
    },
    async unlabelled(about: About, label: string, actor: string, delivery: string): Promise<void> {
      const update = await stages.openUpdate(about)
      if (!update || update.label !== label) return
      await send(update.workflow, { kind: 'label-removed', actor }, INBOX, delivery)
    },
    /** An edit voids a plan that waits; where information was missing, it starts the whole process again (PRE-8). */
    async edited(about: About, text: { title: string; body: string; actor: string }, delivery: string): Promise<void> {
      const again = await stages.completed(about, { kind: 'edit', ...text }, delivery)
      if (again) return begin(about.repo, again)
      const at = new Date().toISOString()
      await tell(about, { kind: 'issue-edited', ...text, at }, delivery)
    },
    async commented(comment: Commented): Promise<void> {
      const command = parseCommand(comment.body)
      if (command) {
        await pipeline.heed.start(`heed:${comment.delivery}`, { ...comment, command })
        return
      }
      const { actor, body } = comment
      const again = await stages.completed(comment, { kind: 'answer', actor, body }, comment.delivery)
      if (again) await begin(comment.repo, again)
    },
    async nudge(repo: RepositoryName, nudge: Extract<InboxMessage, { kind: 'nudge' }>, delivery: string): Promise<void> {
      for (const workflow of await stages.listeners(repo)) await send(workflow, nudge, INBOX, `${delivery}:${workflow}`)
    },
  }
}

export type Doors = ReturnType<typeof createDoors>
