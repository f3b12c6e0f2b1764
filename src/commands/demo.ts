import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import colours from 'picocolors'
import { createLog } from '../main/log.ts'
import { startHost } from './demo/host.ts'
import { createNarrator } from './demo/narrator.ts'
import { makeSample } from './demo/sample.ts'
import { REPO, settle, tellStory } from './demo/story.ts'
import { startEmbedded } from './embedded/embedded.ts'
import type { Status } from './failure.ts'
import { print, printJson } from './output.ts'
import type { RehearsalDocument } from './rehearsal/document.ts'

/** How the demo is to end; anything else is a fault of this program. */
const EXPECTED = ['succeeded', 'failed', 'rolled-back', 'cleared', 'succeeded']

/** `pawl demo`: the main job, end to end, on this machine. */
export async function demo(options: { json?: boolean; serve?: boolean }): Promise<Status> {
  const data = await mkdtemp(join(tmpdir(), 'pawl-demo-'))
  // As root the database's server runs under another account, which must be able to pass through.
  await chmod(data, 0o711)
  const write = options.json ? () => {} : print
  const narrator = createNarrator(write)
  write(colours.dim('          GitHub, the app, its database and a small service start on this machine …'))
  const log = createLog(process.env['LOG_LEVEL'] ?? 'error')
  const embedded = await startEmbedded({ data, log, timing: { poll: 60_000, backoff: 500, request: 10_000 } })
  const host = await startHost(`${embedded.github.url}/${REPO}.git`, join(data, 'host'))
  try {
    makeSample(join(data, 'greeter'), host.url)
    const people = await settle(embedded, join(data, 'greeter'), host.url)
    const document = await tellStory(embedded, people, narrator)
    if (options.json) printJson(document)
    else write(ending(document))
    if (options.serve) {
      write(`\n          Issues, pull requests, deployments: ${colours.underline(`${embedded.github.url}/${REPO}`)}`)
      write(`          The status page of the app:         ${colours.underline(embedded.app.url)}`)
      write(colours.dim('          Open an issue, label it pawl, comment /approve. Ctrl-C ends it.'))
      await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
    }
    return asExpected(document) ? 0 : 1
  } finally {
    await embedded.stop()
    await host.stop()
    await rm(data, { recursive: true, force: true })
  }
}

function asExpected({ updates, audit }: RehearsalDocument): boolean {
  const outcomes = updates.map(({ outcome }) => outcome).join()
  const third = updates[2]
  return outcomes === EXPECTED.join() && audit.verified && third?.final.tree === third?.snapshot?.tree
}

function ending(document: RehearsalDocument): string {
  const { updates, api, audit } = document
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
    `          ${api.requests} requests to GitHub for five runs; ${audit.events} audit events, chain ${audit.verified ? colours.green('verified') : colours.red('BROKEN')}`,
    ...(asExpected(document) ? [] : [colours.red('          This is not how the demo ends: something is wrong here.')]),
  ].join('\n')
}
