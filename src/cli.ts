#!/usr/bin/env node
import { createRequire, enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import type * as commander from 'commander'
import { UsageError, type Status } from './commands/failure.ts'
import { tell } from './commands/output.ts'

// As `pawl.js` does, for who starts this file. Where it cannot be written, nothing is kept.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)))

// Required, because an import of it would read every property of the process, which opens its streams: 10 ms of every start.
const required = createRequire(import.meta.url)
const { Command, CommanderError, Option } = required('commander') as typeof commander
const { version } = required('../package.json') as { version: string }

// Each command is loaded when it is called: `pawl audit --help` must not start an engine.
const program = new Command('pawl')
  .description('Turns a labelled issue into a deployed, verified change, or leaves the repository exactly as it was.')
  .version(version)
  .exitOverride()
  .showHelpAfterError('(pawl --help lists the commands)')

const run = (status: Promise<Status>) => status.then((code) => void (process.exitCode = code))
const collect = (value: string, before: string[] = []) => [...before, value]

program
  .command('start')
  .description('run the app: webhooks, pipeline, status page; without credentials, the set-up page')
  .action(async () => run((await import('./commands/start.ts')).start()))

program
  .command('demo')
  .description('the main job on an embedded GitHub, told as a story')
  .option('--json', 'print one JSON document on stdout and nothing else')
  .option('--serve', 'leave the web pages open at the end, to try it by hand')
  .option('--model <provider:model>', 'a fifth request in words, carried out by this model (see docs/agents.md)')
  .action(async (options) => run((await import('./commands/demo.ts')).demo(options)))

program
  .command('rehearse')
  .description('the same for a git repository of yours; nothing outside this machine is touched')
  .requiredOption('--repo <path>', 'a git repository')
  .requiredOption('--request <file>', 'a Markdown file: title and body of the issue; may be given again', collect)
  .addOption(new Option('--approve <who>', 'whether the plan is approved').choices(['auto', 'never']).default('auto'))
  .option('--config <file>', "a pawl.yml to use instead of the repository's own")
  .option('--data <dir>', 'keep all state here; the same command goes on after a crash')
  .option('--requester <login:permission>', 'who asks', 'maintainer:admin')
  .option('--json', 'print one JSON document on stdout and nothing else')
  .action(async (options) => run((await import('./commands/rehearse.ts')).rehearseCommand(options)))

program
  .command('plan')
  .description('the plan for a request on a local checkout')
  .requiredOption('--repo <path>', 'a git repository')
  .requiredOption('--request <file>', 'a Markdown file: title and body of the request')
  .option('--config <file>', "a pawl.yml to use instead of the repository's own")
  .option('--json', 'print the plan as JSON')
  .action(async (options) => run((await import('./commands/plan.ts')).planCommand(options)))

program
  .command('graph')
  .description('the dependency map of a repository')
  .requiredOption('--repo <path>', 'a git repository')
  .option('--commit <revision>', 'the commit to read', 'HEAD')
  .addOption(new Option('--format <format>', 'how to print it').choices(['json', 'mermaid', 'dot']).default('json'))
  .option('--json', 'the same as --format json')
  .action(async (options) => run((await import('./commands/graph.ts')).graphCommand(options)))

const audit = program.command('audit').description('the append-only record of everything that happened')
for (const [name, argument, description] of [
  ['list', '', 'the updates, newest first'],
  ['show', '<codename>', 'one update: its plan, its events, its certificate'],
  ['verify', '', 'recompute the hash chain'],
  ['export', '', 'every event as a line of JSON'],
] as const) {
  audit
    .command(`${name} ${argument}`.trim())
    .description(description)
    .option('--data <dir>', 'the data directory of an app or rehearsal that is not running')
    .option('--json', 'print one JSON document on stdout and nothing else')
    .action(async (...given: unknown[]) => {
      const [codename, options] = argument === '' ? [null, given[0]] : [String(given[0]), given[1]]
      await run((await import('./commands/audit.ts')).auditCommand(name, codename, options as never))
    })
}

program
  .command('doctor')
  .description('check credentials, permissions, webhook, database, sandbox, agents and configuration')
  .option('--config <file>', 'a pawl.yml whose agents are looked for on this machine')
  .option('--json', 'print one JSON document on stdout and nothing else')
  .action(async (options) => run((await import('./commands/doctor.ts')).doctor(options)))

// Whoever reads may have enough before the end, as `head` has.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit()
  throw error
})

try {
  await program.parseAsync()
} catch (error) {
  // Commander has said it already; its own status for wrong use is 1, ours is 2.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else {
    tell(`pawl: ${explained(error)}`)
    process.exitCode = error instanceof UsageError ? 2 : 1
  }
}

/** What went wrong, for people; where in the code, for who asks. */
function explained(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof UsageError) return error.message
  const asked = /^(debug|trace)$/.test(process.env['LOG_LEVEL'] ?? '')
  return asked ? (error.stack ?? error.message) : `${error.message}\n(with LOG_LEVEL=debug it says where)`
}
