import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where the processes that parse sources keep their compiled code between commands; safe to delete. */
export function graphCache(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'pawl', 'graph')
}
