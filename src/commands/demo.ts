import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import colours from 'picocolors'
import { agentEnvironment, type AgentEnvironment } from '../config/agent-environment.ts'
import { startHost, type Host } from './demo/host.ts'
import { createNarrator, type Narrator } from './demo/narrator.ts'
import { makeSample } from './demo/sample.ts'
import { REPO, settle, tellStory } from './demo/story.ts'
import { startEmbedded, type Embedded } from './embedded/embedded.ts'
import { commandLog } from './environment.ts'
import { UsageError, type Status } from './failure.ts'
import { orInterrupted, toldToStop } from './interruption.ts'
import { calibrationText, errorText } from '../messages/calibration.ts'
import { print, printJson, tell } from './output.ts'
import type { RehearsalDocument } from './rehearsal/document.ts'

/** How the demo is to end; anything else is a fault of this program. */
const EXPECTED = ['succeeded', 'failed', 'rolled-back', 'cleared', 'succeeded']

/** `pawl demo`: the main job, end to end, on this machine. */
export async function demo(options: { json?: boolean; serve?: boolean; model?: string }): Promise<Status> {
  const { agents } = agentEnvironment(process.env)
  const { model = null } = options
  if (model !== null) mustBeServed(model, agents.servers)
  const data = await mkdtemp(join(tmpdir(), 'pawl-demo-'))
  // As root the database's server runs under another account, which must be able to pass through.
  await chmod(data, 0o711)
  const write = options.json ? () => {} : print
  const narrator = createNarrator(write)
  write(colours.dim('          GitHub, the app, its database and a small service start on this machine …'))
  const starting = start(data, agents)
  try {
    const document = await orInterrupted(starting.then((running) => play(running, { data, narrator, model })))
    if (document === null) return 1
    if (options.json) printJson(document)
    else write(ending(document, model))
    if (options.serve) await serve(await starting)
    return asExpected(document, model) ? 0 : 1
  } finally {
    const running = await starting.catch(() => null)
    await running?.stop()
    await rm(data, { recursive: true, force: true })
  }
}

type Running = { embedded: Embedded; host: Host; stop(): Promise<void> }

async function start(data: string, agents: AgentEnvironment): Promise<Running> {
  const timing = { poll: 300_000, backoff: 500, request: 10_000 }
  const embedded = await startEmbedded({ data, log: commandLog(), timing, agents })
  try {
    const host = await startHost(`${embedded.github.url}/${REPO}.git`, join(data, 'host'))
    return {
      embedded,
      host,
      async stop() {
        await embedded.stop()
        await host.stop()
      },
    }
  } catch (error) {
    await embedded.stop()
    throw error
  }
}

type Played = { data: string; narrator: Narrator; model: string | null }

async function play({ embedded, host }: Running, { data, narrator, model }: Played): Promise<RehearsalDocument> {
  makeSample(join(data, 'greeter'), host.url, model)
  const people = await settle(embedded, join(data, 'greeter'), host.url)
  return tellStory(embedded, people, narrator, model)
}

/** On stderr: with `--json` stdout holds the document and nothing else. */
async function serve({ embedded }: Running): Promise<void> {
  tell(`\n          Issues, pull requests, deployments: ${colours.underline(`${embedded.github.url}/${REPO}`)}`)
  tell(`          The status page of the app:         ${colours.underline(embedded.app.url)}`)
  tell(colours.dim('          Open an issue, label it pawl, comment /approve. Ctrl-C ends it.'))
  await toldToStop()
}

/** A model that has no server here would only be found out after half a minute. */
function mustBeServed(model: string, servers: AgentEnvironment['servers']): void {
  const [provider = ''] = model.split(':', 1)
  const server = servers[provider]
  if (server !== undefined && (server.url !== null || server.key !== null) && model.length > provider.length + 1) return
  const known = Object.entries(servers).filter(([, { url, key }]) => url !== null || key !== null)
  const names = known.map(([name]) => name).join(', ') || 'none'
  throw new UsageError(
    `--model ${model} names no model that can be asked; providers set up here: ${names}. Write <provider>:<model>, and set its key or address in the environment as docs/agents.md says.`,
  )
}

function asExpected({ updates, audit }: RehearsalDocument, model: string | null): boolean {
  const outcomes = updates.map(({ outcome }) => outcome).join()
  const third = updates[2]
  const expected = model === null ? EXPECTED : [...EXPECTED, 'succeeded']
  return outcomes === expected.join() && audit.verified && third?.final.tree === third?.snapshot?.tree
}

function ending(document: RehearsalDocument, model: string | null): string {
  const { updates, api, audit, accuracy } = document
  const rows = updates.map(({ issue, codename, outcome, phases }) => {
    const seconds = phases.reduce((sum, phase) => sum + phase.ms, 0) / 1000
    return `          #${issue}  ${codename.padEnd(30)} ${outcome.padEnd(12)} ${seconds.toFixed(1).padStart(5)} s`
  })
  const third = updates[2]
  const exact = third?.final.tree === third?.snapshot?.tree
  const tree = third?.snapshot?.tree.slice(0, 12) ?? 'none'
  return [
    '',
    colours.bold('          What it came to'),
    ...rows,
    '',
    `          rolled back to the tree ${tree}: ${exact ? colours.green('exactly') : colours.red('NOT exactly')}`,
    `          ${api.requests} requests to GitHub for ${updates.length} runs; ${audit.events} audit events, chain ${audit.verified ? colours.green('verified') : colours.red('BROKEN')}`,
    `          ${calibrationText(accuracy)}`,
    ...accuracy.overTime.map(({ codename, error, withinP90 }) => {
      return `            ${codename.padEnd(30)} ${errorText(error).padStart(8)}  ${withinP90 ? 'within the P90' : 'beyond the P90'}`
    }),
    ...(asExpected(document, model)
      ? []
      : [colours.red('          This is not how the demo ends: something is wrong here.')]),
  ].join('\n')
}
