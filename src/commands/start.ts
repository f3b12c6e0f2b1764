import { run as runProbot } from 'probot'
import { startApp } from '../main.ts'
import { createLog } from '../main/log.ts'
import { appSettings, readEnvironment } from './environment.ts'
import type { Status } from './failure.ts'
import { toldToStop } from './interruption.ts'

/** Runs the app until it is told to stop. Without credentials it serves Probot's set-up page, which makes them. */
export async function start(): Promise<Status> {
  const environment = readEnvironment()
  const settings = appSettings(environment)
  if (!settings) {
    const log = createLog(environment.logLevel)
    log.info('No credentials are set (APP_ID, PRIVATE_KEY, WEBHOOK_SECRET): serving the page that registers the app.')
    const { host, port } = environment
    const server = await runProbot(() => {}, { env: { ...process.env, HOST: host, PORT: String(port) }, log })
    await toldToStop()
    await server.stop()
    return 0
  }
  const app = await startApp(settings)
  settings.log.info({ url: app.url }, 'Pawl is running')
  await toldToStop()
  settings.log.info('stopping: running steps end, the rest goes on at the next start')
  await app.stop()
  return 0
}
