import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where readings of sources are kept between commands; safe to delete. */
export function graphCache(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'pawl', 'graph')
}
