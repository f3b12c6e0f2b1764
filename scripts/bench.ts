import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { benchGraph } from './bench/graph.ts'

/*
 * `npm run bench -- graph --repo DIR [--json]`: measures and compares in one run. What it compares with is installed beside
 * it on the first use (scripts/bench/peers), so that nobody who only runs Pawl has to have it.
 */
const { values, positionals } = parseArgs({
  options: { repo: { type: 'string' }, json: { type: 'boolean' } },
  allowPositionals: true,
})
if (positionals[0] !== 'graph' || values.repo === undefined) {
  process.stderr.write('Use: npm run bench -- graph --repo <directory of a git repository> [--json]\n')
  process.exit(2)
}
const peers = fileURLToPath(new URL('bench/peers', import.meta.url))
if (!existsSync(`${peers}/node_modules/rev-dep`)) {
  // Not `ci`: of rev-dep's binaries for other systems some are in no registry, so no lock file can name them.
  execFileSync('npm', ['install', '--no-save', '--loglevel=error', '--fund=false', '--audit=false'], {
    cwd: peers,
    stdio: ['ignore', 2, 2],
  })
}
const { onlyOurs, onlyPeer, ...result } = await benchGraph(values.repo)
process.stdout.write(`${JSON.stringify(result, null, values.json ? 0 : 2)}\n`)
if (!values.json) {
  const lines = ['only ours:', ...onlyOurs.slice(0, 10), 'only the peer:', ...onlyPeer.slice(0, 10)]
  process.stderr.write(`${lines.join('\n')}\n`)
}
