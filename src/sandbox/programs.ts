import { accessSync, constants, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** What a command finds on its PATH in the sandbox besides Node and npm, which are always there. */
const PLACES = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin']

/** What of the host is shown in the sandbox: a link that leads elsewhere leads nowhere there. */
const SHOWN = ['/usr/', '/bin/', '/sbin/', '/lib/', '/lib64/']

/**
 * Whether a command can be started in the sandbox. What a repository brings itself, a path below its root, is found out when
 * it is run. `env NAME=value command` is about the command.
 */
export function isInstalled(command: string[]): boolean {
  const words = command[0] === 'env' ? command.slice(1).filter((word) => !/^\w+=/.test(word)) : command
  const program = words[0] ?? 'env'
  if (['node', 'npm', 'npx'].includes(program)) return true
  if (program.includes('/')) return !program.startsWith('/') || isShown(program)
  return PLACES.some((place) => isShown(join(place, program)))
}

function isShown(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    const real = realpathSync(path)
    return statSync(real).isFile() && SHOWN.some((place) => real.startsWith(place))
  } catch {
    return false
  }
}
