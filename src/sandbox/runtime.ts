import { realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Where Node and npm stand in the sandbox, whatever the host's layout is. */
export const RUNTIME = '/opt/node'

/** Arguments of bubblewrap that show this process's own Node, and the npm that belongs to it or is first on PATH. */
export function showRuntime(): string[] {
  const node = realpathSync(process.execPath)
  const shown = ['--ro-bind', node, `${RUNTIME}/bin/node`]
  const npm = findNpm([dirname(node), ...(process.env['PATH'] ?? '').split(':')])
  if (npm === null) return shown
  const links = ['npm', 'npx'].flatMap((name) => [
    '--symlink',
    `../lib/node_modules/npm/bin/${name}-cli.js`,
    `${RUNTIME}/bin/${name}`,
  ])
  return [...shown, '--ro-bind', npm, `${RUNTIME}/lib/node_modules/npm`, ...links]
}

/** The directory of the package npm: the command is a link to `bin/npm-cli.js` in it. */
function findNpm(places: string[]): string | null {
  for (const place of places) {
    try {
      const cli = realpathSync(join(place, 'npm'))
      if (cli.endsWith('/npm/bin/npm-cli.js')) return dirname(dirname(cli))
    } catch {
      // Not in this place.
    }
  }
  return null
}
