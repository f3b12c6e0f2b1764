import { execFile } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Login } from './people.ts'
import type { Place, World } from './world.ts'

/** A person's own clone of a shop, who pushes with the token that is theirs. */
export async function clone(world: World, { name }: Pick<Place, 'name'>, login: Login = 'ann') {
  const dir = await mkdtemp(join(world.dir, 'clone-'))
  const token = await world.github.personalToken(login)
  const url = `${world.github.url.replace('http://', `http://${login}:${token}@`)}/${name}.git`
  const git = async (...args: string[]): Promise<string> => {
    const who = ['-c', `user.name=${login}`, '-c', `user.email=${login}@acme.example`]
    const { stdout } = await promisify(execFile)('git', ['-C', dir, ...who, ...args])
    return stdout.trim()
  }
  await git('clone', '--quiet', url, '.')
  return {
    dir,
    git,
    /** Writes a text as a blob and pushes it as a ref, in place of whatever was there. */
    async pushBlob(text: string, ref: string): Promise<void> {
      const child = execFile('git', ['-C', dir, 'hash-object', '-w', '--stdin'])
      child.stdin?.end(text)
      let sha = ''
      for await (const chunk of child.stdout ?? []) sha += String(chunk)
      await git('push', '--quiet', '--force', url, `${sha.trim()}:${ref}`)
    },
  }
}
