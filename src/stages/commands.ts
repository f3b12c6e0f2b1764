import { addLabel, findComment, postComment, react, readIssue } from '../github/issues.ts'
import { renderHelp, renderRefused, renderStatusReply } from '../messages/command-replies.ts'
import type { Command, InboxMessage, UpdateRequest } from '../model.ts'
import { judgeCommand, needsPermission } from '../policy/authorisation.ts'
import type { Update } from '../audit/updates.ts'
import { linksOf, placeOf, showStatus } from './correspondence.ts'
import { lockOn, LOCK_REF } from './lock.ts'
import { fitsTheMoment, type JudgedCommand } from './moment.ts'
import { once, recorded } from './once.ts'
import type { Commented, opening } from './open.ts'
import type { Failure, Order, Progress, Proposal } from './order.ts'
import { personOf, reader } from './people.ts'
import { keep, recordOf, type UpdateRecord } from './record.ts'
import { deskOf, type Desk, type Services } from './services.ts'
import { settingsAtHead, settingsKnown } from './settings.ts'
import { note } from './trigger.ts'

/** A command as a comment gave it, about the newest update of its issue. */
export type Heed = Commented & { command: Command; codename: string }

/** Something people said or did, on its way to the workflow that hears it. */
export type Told = { request: UpdateRequest; workflow: string; message: InboxMessage }

/** The way back of an update that has succeeded, and the comment that asks for it. */
export type Undo = { order: Order; progress: Progress; failure: Failure; word: Heed }

/** What a command leads to: a word to the running update, a new attempt, a rollback after the end, or only an answer. */
export type Follows = {
  tell: Told | null
  begin: Proposal | null
  undo: Undo | null
  /** Markdown of a comment that answers. */
  reply: string | null
}

const nothing: Follows = { tell: null, begin: null, undo: null, reply: null }

export function commanding(services: Services, again: ReturnType<typeof opening>['again']) {
  const updateOf = async (word: Heed): Promise<Update> => {
    const update = await services.updates.byCodename(word.codename)
    if (!update) throw new Error(`There is no update named ${word.codename}.`)
    return update
  }

  return {
    /** Who says it, may they, and does it fit the moment: every reason against it, not only the first. */
    async judgeCommand(word: Heed): Promise<JudgedCommand> {
      const update = await updateOf(word)
      const record = recordOf(update)
      const { request } = record
      const { command } = word
      const desk = deskOf(services, request)
      const { config } = await settingsAtHead(desk, request.defaultBranch)
      const teams = [...config.authorised.teams, ...config.approval.teams]
      const person = needsPermission(command) ? await personOf(desk.at, word.actor, teams) : reader(word.actor)
      const approval = {
        ...config.approval,
        requester: record.plan?.approvals.requesterMay ?? config.approval.requester,
      }
      const may = judgeCommand(command, person, { requester: request.requester, config: { ...config, approval } })
      const { findings, commands } =
        may.verdict === 'pass'
          ? await fitsTheMoment(services, desk, config, word, update, record)
          : { findings: may.findings }
      const wrong = findings.filter(({ severity }) => severity === 'error')
      await note(
        services,
        request,
        'command',
        { command, actor: word.actor, findings, ...(commands === undefined ? {} : { commands }) },
        String(word.comment),
      )
      return { allowed: wrong.length === 0, findings, ...(commands === undefined ? {} : { commands }) }
    },

    /**
     * What people did to an issue, as GitHub knows it now: webhooks may come late or in another order. `null` when nothing
     * is left of it, as when the label is back on.
     */
    async asItIsNow(told: Told): Promise<Told | null> {
      const { request, message } = told
      const issue = await readIssue(deskOf(services, request).at, request.issue)
      if (message.kind === 'issue-closed') return issue.state === 'closed' ? told : null
      if (message.kind === 'label-removed') return issue.labels.includes(request.label) ? null : told
      if (message.kind !== 'issue-edited') return told
      const { title, body } = issue
      return title === request.title && body === request.body ? null : { ...told, message: { ...message, title, body } }
    },

    /** What an allowed command leads to. */
    async follow(word: Heed, { commands }: Pick<JudgedCommand, 'commands'>): Promise<Follows> {
      const update = await updateOf(word)
      const record = recordOf(update)
      const { request } = record
      const { actor, at, comment } = word
      const command = inGrammar(word.command, commands)
      const desk = deskOf(services, request)
      switch (command.name) {
        case 'approve': {
          // The digest that this comment approves is the current one, which the judge has held it against.
          const message = {
            kind: 'command',
            command: { name: 'approve', digest: record.plan?.digest ?? null },
            actor,
            comment,
            at,
          } as const
          return { ...nothing, tell: { request, workflow: record.workflow, message } }
        }
        case 'rollback':
          if (update.outcome === null) break
          if (!record.order || !record.progress) return nothing
          return {
            ...nothing,
            undo: { order: record.order, progress: record.progress, failure: askedBack(actor), word },
          }
        case 'retry': {
          const { title, body, labels } = await readIssue(desk.at, request.issue)
          const labelled = labels.includes(request.label)
          const all = labelled ? labels : [...labels, request.label]
          const begin = await again(request, { title, body, labels: all }, word.delivery)
          // The attempt is open by now, so the label starts no other.
          if (!labelled) {
            const what = { labels: all }
            await recorded(services.acts, request, { name: 'label the issue', what }, () =>
              addLabel(desk.at, request.issue, request.label),
            )
          }
          return { ...nothing, begin }
        }
        case 'status':
          return { ...nothing, reply: await statusReply(services, word, update, record) }
        case 'unlock':
          await unlock(services, desk, request, word)
          return nothing
        case 'help':
          return { ...nothing, reply: renderHelp({ codename: word.codename, comment }) }
        case 'unknown':
          return nothing
        case 'hold':
          await keep(services.updates, word.codename, { held: { by: actor, at } })
          break
        case 'resume':
          await keep(services.updates, word.codename, { held: null })
          break
        case 'revise':
        case 'reject':
        case 'cancel':
          break
      }
      return {
        ...nothing,
        tell: { request, workflow: record.workflow, message: { kind: 'command', command, actor, comment, at } },
      }
    },

    /**
     * Every command is acknowledged with a reaction and, when refused, with the reason. A bot that is not listed is left
     * unanswered: two bots that answer each other do not stop.
     */
    async acknowledgeCommand(word: Heed, judged: JudgedCommand, follows: Follows): Promise<void> {
      if (judged.findings.some(({ rule }) => rule === 'bot-not-listed')) return
      const { request } = recordOf(await updateOf(word))
      const desk = deskOf(services, request)
      const { words } = await settingsKnown(desk, request.defaultBranch)
      const { codename, command, actor, comment, findings } = { ...word, findings: judged.findings }
      const unknown = command.name === 'unknown'
      // Reacting twice changes nothing, so it needs no look.
      const content = !judged.allowed ? '-1' : unknown ? 'confused' : '+1'
      await recorded(services.acts, request, { name: 'react', what: { comment, content } }, () =>
        react(desk.at, comment, content),
      )
      if (judged.allowed && (command.name === 'hold' || command.name === 'resume')) {
        await showStatus(services, { ...desk, words }, request)
      }
      const body =
        judged.allowed && !unknown
          ? follows.reply
          : renderRefused({ codename, command, actor, comment, findings }, words)
      if (body === null) return
      const marker = body.split('\n', 1)[0] ?? ''
      await once(services.acts, request, {
        name: `reply to ${word.comment}`,
        what: { comment: word.comment },
        look: () => findComment(desk.at, word.issue, marker),
        act: () => postComment(desk.at, word.issue, body),
      })
    },
  }
}

/** Free words of `/revise` go on as what they were read as. */
function inGrammar(command: Command, commands: string | undefined): Command {
  return command.name === 'revise' && commands !== undefined
    ? { name: 'revise', text: commands, said: command.text }
    : command
}

async function statusReply(services: Services, word: Heed, update: Update, record: UpdateRecord): Promise<string> {
  return renderStatusReply({
    codename: update.codename,
    comment: word.comment,
    phase: update.phase,
    since: update.phaseSince,
    outcome: update.outcome,
    held: record.held,
    findings: update.outcome === null ? record.findings : [],
    queue: await placeOf(services, update),
    links: linksOf(services, record.request, record),
  })
}

/** Takes the lock away, whoever holds it: an admin has made sure that nothing is being updated. */
async function unlock(services: Services, desk: Desk, request: UpdateRequest, word: Heed): Promise<void> {
  const found = await lockOn(desk, Date.now())
  if (!found) return
  await note(
    services,
    request,
    'unlocked',
    {
      actor: word.actor,
      holder: found.codename,
      since: found.since,
    },
    String(word.comment),
  )
  const what = { holder: found.codename }
  const pushed = await recorded(services.acts, request, { name: 'take the lock away', what }, () =>
    desk.git.push([{ ref: LOCK_REF, to: null, expect: found.sha }]),
  )
  if (!pushed.ok && pushed.why !== 'moved') throw new Error(`${LOCK_REF} could not be removed: ${pushed.message}`)
}

function askedBack(actor: string): Failure {
  const message = `@${actor} asked to roll back.`
  return { outcome: 'failed', findings: [{ gate: 'health', severity: 'error', rule: 'rollback-requested', message }] }
}
