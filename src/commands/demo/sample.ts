import { execFileSync } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Makes a git repository of the sample service in `dir`, which must not exist; its probes ask `hostUrl`. */
export function makeSample(dir: string, hostUrl: string): void {
  cpSync(new URL('greeter/', import.meta.url), dir, { recursive: true })
  const config = join(dir, '.github/pawl.yml')
  writeFileSync(config, readFileSync(config, 'utf8').replaceAll('HOST_URL', hostUrl))
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@greeter.example']
  const git = (...args: string[]) => execFileSync('git', ['-C', dir, ...identity, ...args], { stdio: 'ignore' })
  git('init', '--initial-branch=main')
  git('add', '--all')
  git('commit', '--message=A service that says hello')
}
