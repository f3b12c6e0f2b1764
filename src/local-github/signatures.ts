import type { Json, World } from './contract.ts'
import type { Signature } from './git/contract.ts'
import { object, text } from './json.ts'
import type { UserRecord } from './records.ts'

const HOST = 'users.noreply.github.com'

/** The address that GitHub gives people who keep theirs private. */
export const emailOf = (user: UserRecord): string => `${user.id}+${user.login}@${HOST}`

/** A person as author or committer, now. */
export function signatureOf(world: World, user: UserRecord): Signature {
  return { name: user.login, email: emailOf(user), date: world.now() }
}

/** A person given as `{ name, email, date }`; what is left out is the user's. */
export function signatureFrom(world: World, user: UserRecord, value: Json | undefined): Signature {
  const own = signatureOf(world, user)
  const given = object(value)
  if (given === undefined) return own
  const date = text(given['date']) ?? own.date
  return { name: text(given['name']) ?? own.name, email: text(given['email']) ?? own.email, date }
}

/** Who commits what is made by a merge button: GitHub itself. */
export function webFlow(world: World): Signature {
  return { name: 'GitHub', email: 'noreply@github.com', date: world.now() }
}

/** Whom an address of a commit belongs to, if it is one that `signatureOf` gave. */
export function userByEmail(world: World, email: string): UserRecord | undefined {
  const id = new RegExp(`^(\\d+)\\+[^@]*@${HOST.replaceAll('.', '\\.')}$`).exec(email)?.[1]
  return id === undefined ? undefined : world.store.get('user', Number(id))
}
