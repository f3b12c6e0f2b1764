import { type Answer, type CommandOptions, failure, type Place, tryGit } from './command.ts'
import type { Remote } from './repository.ts'

const MINUTE = 60_000

/** How long the network commands may take: making a mirror moves the whole history. */
const LONGEST = { 'ls-remote': MINUTE, fetch: 30 * MINUTE, push: 10 * MINUTE }

/**
 * Runs a command that talks to the remote; its address is put where `args` has `ADDRESS`. The token travels in the
 * environment only, as the header that GitHub asks for.
 */
export async function onNetwork(
  place: Place,
  remote: Remote,
  args: [keyof typeof LONGEST, ...string[]],
  options: CommandOptions = {},
): Promise<Answer> {
  const timeoutMs = LONGEST[args[0]]
  const addressed = args.map((word) => (word === ADDRESS ? remote.url : word))
  if (!/^https?:/.test(remote.url)) return tryGit(place, addressed, { timeoutMs, ...options })
  const token = await remote.token()
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64')
  const settings = { 'http.extraHeader': `Authorization: Basic ${basic}` }
  return tryGit(place, addressed, { timeoutMs, settings, secrets: [basic, token], ...options })
}

/** Stands for the address of the remote in the words of a command. */
export const ADDRESS = '\0remote'

/** The shas that full refs have at the remote at this moment; what is not there is not in the map. */
export async function lookAtRemote(place: Place, remote: Remote, refs: string[]): Promise<Map<string, string>> {
  const args: ['ls-remote', ...string[]] = ['ls-remote', '--quiet', ADDRESS, ...refs]
  const answer = await onNetwork(place, remote, args)
  if (answer.code !== 0) throw failure(place, args, answer.stderr)
  const lines = answer.stdout.toString().split('\n')
  const found = lines.flatMap((line): [string, string][] => {
    const [sha = '', ref = ''] = line.split('\t')
    // A pattern of ls-remote matches the end of longer refs too.
    return refs.includes(ref) ? [[ref, sha]] : []
  })
  return new Map(found)
}

/** Fetches the refspecs into the bare repository. */
export function fetchFrom(place: Place, remote: Remote, refspecs: string[], options?: CommandOptions): Promise<Answer> {
  const how = ['--prune', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance', '--quiet']
  return onNetwork(place, remote, ['fetch', ...how, ADDRESS, ...refspecs], options)
}
