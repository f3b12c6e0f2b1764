import { execFileSync } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Makes a git repository of the sample service in `dir`, which must not exist; its probes ask `hostUrl`. `model` may carry out what words ask for. */
export function makeSample(dir: string, hostUrl: string, model: string | null): void {
  cpSync(new URL('greeter/', import.meta.url), dir, { recursive: true })
  const config = join(dir, '.github/pawl.yml')
  const agents =
    model === null ? '' : `agents: [{ use: patch }, { use: model, name: model, model: ${JSON.stringify(model)} }]\n`
  writeFileSync(config, readFileSync(config, 'utf8').replaceAll('HOST_URL', hostUrl) + agents)
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@greeter.example']
  const git = (...args: string[]) => execFileSync('git', ['-C', dir, ...identity, ...args], { stdio: 'ignore' })
  git('init', '--initial-branch=main')
  git('add', '--all')
  git('commit', '--message=A service that says hello')
}
