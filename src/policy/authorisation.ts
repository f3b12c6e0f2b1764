import type { Config, Gatekeepers } from '../config.ts'
import type { Command, Finding, GateName, Permission, Verdict } from '../model.ts'
import { fault, verdictOf } from './verdict.ts'

/** Somebody who acts, as GitHub knows them now. `teams` are those of the gatekeepers' teams they are in, named alike. */
export type Person = { login: string; bot: boolean; permission: Permission; teams: string[] }

/** What a command is about: who asked for the update, and the rules of its repository. */
export type CommandContext = {
  requester: string
  config: { authorised: Gatekeepers; approval: Config['approval'] }
}

const ORDER: readonly Permission[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin']

/** May this person start an update by putting the label on (TRIG-1, TRIG-3)? */
export function judgeTrigger(person: Person, authorised: Gatekeepers): Verdict {
  return verdictOf('trigger', refusals('trigger', person, authorised, 'start an update'))
}

/**
 * May this person give this command here? `/approve` is for the approval's gatekeepers, `/unlock` for admins, `/status` and
 * `/help` for whoever can read; everything else is for the authorised, and `/cancel`, `/revise` and `/retry` for the requester too.
 */
export function judgeCommand(command: Command, person: Person, about: CommandContext): Verdict {
  const { authorised, approval } = about.config
  const requester = same(person.login, about.requester)
  const refuse = (who: Gatekeepers, act: string) => refusals('approval', person, who, act)
  switch (command.name) {
    case 'status':
    case 'help':
    case 'unknown':
      return verdictOf('approval', refuse({ ...authorised, permission: 'read' }, `ask for ${command.name}`))
    case 'unlock':
      return verdictOf('approval', refuse({ permission: 'admin', users: [], teams: [] }, 'unlock the repository'))
    case 'approve': {
      const findings = refuse(approval, 'approve a plan')
      if (requester && !approval.requester) findings.push(ownRequest(person))
      return verdictOf('approval', findings)
    }
    case 'cancel':
    case 'revise':
    case 'retry':
      return verdictOf('approval', requester ? [] : refuse(authorised, `${command.name} this update`))
    case 'reject':
    case 'rollback':
    case 'hold':
    case 'resume':
      return verdictOf('approval', refuse(authorised, `give /${command.name}`))
  }
}

/** Whoever can comment can read: for these commands GitHub need not be asked for the person's permission. */
export function needsPermission(command: Command): boolean {
  return command.name !== 'status' && command.name !== 'help' && command.name !== 'unknown'
}

function refusals(gate: GateName, person: Person, who: Gatekeepers, act: string): Finding[] {
  if (who.users.some((user) => same(user, person.login))) return []
  const helpers = describe(who)
  if (person.bot) {
    const message = `@${person.login} is a bot, and bots may only ${act} when they are listed by name.`
    return [fault(gate, 'bot-not-listed', message, `Ask ${helpers}, or list the bot under users in .github/pawl.yml.`)]
  }
  if (ORDER.indexOf(person.permission) >= ORDER.indexOf(who.permission)) return []
  if (who.teams.some((team) => person.teams.some((own) => same(own, team)))) return []
  const has = person.permission === 'none' ? 'no permission' : `${person.permission} permission`
  const message = `@${person.login} has ${has} on this repository; to ${act} takes ${who.permission} or more.`
  return [fault(gate, 'not-authorised', message, `Ask ${helpers}.`)]
}

function ownRequest(person: Person): Finding {
  const message = `@${person.login} asked for this update, and this repository wants somebody else to approve it.`
  return fault('approval', 'requester-may-not-approve', message, 'Ask another approver to comment /approve.')
}

/** Who the gatekeepers are, in words: `somebody with write permission, @ann, or a member of release-managers`. */
export function describe(who: Gatekeepers): string {
  const parts = [
    `somebody with ${who.permission} permission`,
    ...who.users.slice(0, 10).map((user) => `@${user}`),
    ...who.teams.slice(0, 10).map((team) => `a member of ${team}`),
  ]
  return parts.length === 1 ? parts.join('') : `${parts.slice(0, -1).join(', ')} or ${parts.at(-1)}`
}

/** GitHub compares logins and slugs without regard to case. */
const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()
