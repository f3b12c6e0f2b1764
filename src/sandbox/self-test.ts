import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { ExecResult } from './child.ts'
import { ENVIRONMENT } from './jail.ts'

/** What the code below finds out from within. */
const Facts = z.object({
  variables: z.array(z.string()),
  wrote: z.array(z.string()),
  git: z.string(),
  capabilities: z.string(),
  uid: z.number(),
  interfaces: z.array(z.string()),
  reached: z.boolean(),
  nested: z.boolean(),
})
type Facts = z.output<typeof Facts>

/** Runs in the sandbox: tries what must not be possible, and what must be. */
const probe = `
const fs = require('node:fs'), net = require('node:net'), os = require('node:os')
const names = (file) => fs.readFileSync(file, 'utf8').split('\\0').filter(Boolean).map((line) => line.split('=')[0])
const wrote = ['/self-test', '/usr/self-test', '/etc/self-test', '/dev/self-test', '/repo/self-test'].filter((path) => {
  try { fs.writeFileSync(path, ''); return true } catch { return false }
})
wrote.push(...['/proc/sys/kernel/core_pattern', '/proc/sys/kernel/hostname', '/proc/sysrq-trigger'].filter((path) => {
  try { fs.closeSync(fs.openSync(path, 'r+')); return true } catch { return false }
}))
let git = ''
try { git = fs.readFileSync('/repo/.git', 'utf8') } catch {}
const status = fs.readFileSync('/proc/self/status', 'utf8')
const nested = require('node:child_process').spawnSync('unshare', ['--user', 'true']).status === 0
const socket = net.connect(Number(process.argv[1]), '127.0.0.1')
const report = (reached) => {
  socket.destroy()
  console.log(JSON.stringify({
    variables: [...new Set([...Object.keys(process.env), ...names('/proc/1/environ')])], wrote, git, reached, nested,
    capabilities: /CapEff:\\s*(\\w+)/.exec(status)[1], uid: process.getuid(), interfaces: Object.keys(os.networkInterfaces()),
  }))
}
socket.on('connect', () => report(true)).on('error', () => report(false))
`

/** Runs one command as every other is run and answers what it proves to be wrong with the sandbox, or an empty list. */
export async function selfTest(run: (command: string[], workspace: string) => Promise<ExecResult>): Promise<string[]> {
  const workspace = await mkdtemp(join(tmpdir(), 'pawl-self-test-'))
  // A listener of the host that code with the host's network would reach.
  const listener = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
  try {
    await once(listener, 'listening')
    await writeFile(join(workspace, '.git'), 'hidden')
    const { port } = listener.address() as AddressInfo
    const result = await run(['node', '-e', probe, String(port)], workspace)
    if (!result.ok) return [`its self-test ${result.reason}: ${lastLine(result.stderr) || 'it said nothing'}`]
    const facts = Facts.safeParse(parse(result.stdout))
    return facts.success ? faults(facts.data) : ['its self-test printed something else than its findings']
  } finally {
    listener.close()
    await rm(workspace, { recursive: true, force: true })
  }
}

function faults(facts: Facts): string[] {
  const allowed = new Set([...Object.keys(ENVIRONMENT), 'PWD'])
  const leaked = facts.variables.filter((name) => !allowed.has(name))
  const wrongly = facts.wrote.filter((path) => path !== '/repo/self-test')
  const found: [boolean, string][] = [
    [leaked.length > 0, `code in it sees variables of the host's environment: ${leaked.join(', ')}`],
    [wrongly.length > 0, `code in it can write ${wrongly.join(', ')}`],
    [!facts.wrote.includes('/repo/self-test'), 'code in it cannot write the workspace'],
    [facts.git !== '', 'code in it can read the .git of the workspace'],
    [/[^0]/.test(facts.capabilities), `code in it has capabilities (${facts.capabilities})`],
    [facts.uid === 0, 'code in it is root'],
    [facts.reached, "code in it reaches the host's network"],
    [
      facts.interfaces.some((name) => name !== 'lo'),
      `code in it has network interfaces: ${facts.interfaces.join(', ')}`,
    ],
    [facts.nested, 'code in it can make user namespaces'],
  ]
  return found.flatMap(([wrong, what]) => (wrong ? [what] : []))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
