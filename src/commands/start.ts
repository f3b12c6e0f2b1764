import { accessSync, constants, existsSync } from 'node:fs'
import { run as runProbot } from 'probot'
import type { Environment } from '../config/environment.ts'
import { startApp, type AppSettings } from '../main.ts'
import { createLog } from '../main/log.ts'
import { appSettings, readEnvironment } from './environment.ts'
import { UsageError, type Status } from './failure.ts'
import { toldToStop } from './interruption.ts'

/** Runs the app until it is told to stop. Without credentials it serves Probot's set-up page, which makes them. */
export async function start(): Promise<Status> {
  // From now on: a signal that comes while everything starts is heard as well.
  const told = toldToStop()
  const environment = readEnvironment()
  const settings = appSettings(environment)
  if (!settings) return setUp(environment, told)
  endOrderly(settings.log)
  const app = await startApp(settings)
  settings.log.info({ url: app.url }, 'Pawl is running')
  await told
  settings.log.info('stopping: running steps end, the rest goes on at the next start')
  await app.stop()
  return 0
}

/** BSD's EX_SOFTWARE. A supervisor starts us again, and what was under way goes on. */
const FAULT_EXIT = 70

/** Errors that nobody waits for end the process, as ever; but in the log, where what is secret is left out. */
function endOrderly(log: AppSettings['log']): void {
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'ended by an error that nobody expected; the next start goes on')
    process.exit(FAULT_EXIT)
  })
}

/** Probot's page registers the app with what `app.yml` says and writes the credentials to `.env`. */
async function setUp({ host, port, logLevel, github }: Environment, told: Promise<void>): Promise<Status> {
  const log = createLog(logLevel)
  if (!existsSync('app.yml') || !writable('.')) {
    throw new UsageError(
      'No credentials are set. Set APP_ID, PRIVATE_KEY and WEBHOOK_SECRET; or, to register the app, start it in its own ' +
        'directory, where the set-up page reads app.yml and may write .env.',
    )
  }
  log.info('No credentials are set (APP_ID, PRIVATE_KEY, WEBHOOK_SECRET): serving the page that registers the app.')
  // Probot has a variable of its own for another GitHub.
  const { host: server, protocol } = new URL(github.server)
  if (server !== 'github.com') Object.assign(process.env, { GHE_HOST: server, GHE_PROTOCOL: protocol.slice(0, -1) })
  const page = await runProbot(() => {}, { env: { ...process.env, HOST: host, PORT: String(port) }, log })
  await told
  await page.stop()
  return 0
}

function writable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}
