import type { World } from './contract.ts'
import type { Signature } from './git/contract.ts'
import type { UserRecord } from './records.ts'

const HOST = 'users.noreply.github.com'

/** The address that GitHub gives people who keep theirs private. */
export const emailOf = (user: UserRecord): string => `${user.id}+${user.login}@${HOST}`

/** A person as author or committer, now. */
export function signatureOf(world: World, user: UserRecord): Signature {
  return { name: user.login, email: emailOf(user), date: world.now() }
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
