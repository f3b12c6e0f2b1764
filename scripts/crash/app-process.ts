import { flushCompileCache } from 'node:module'
import { startApp, type App } from '../../src/main.ts'
import { appSettings } from '../../src/commands/embedded/embedded.ts'
import { createLog } from '../../src/main/log.ts'
import type { AppOrder, FromApp, ToApp } from './messages.ts'

// The whole app in a process of its own, to be killed. It is loaded first and started on order, so that a spare one can
// stand ready.
const tell = (message: FromApp) => process.send?.(message)
const log = createLog(process.env['LOG_LEVEL'] ?? 'warn')
let app: App | null = null

async function start({ github, identity, databaseUrl, data, port, timing }: AppOrder): Promise<void> {
  const settings = appSettings(github, identity, { data, databaseUrl, timing, log })
  app = await startApp({ ...settings, port })
  tell({ said: 'ready', url: app.url })
}

async function stop(): Promise<void> {
  await app?.stop()
  tell({ said: 'stopped' })
  process.disconnect()
}

process.on('message', (message: ToApp) => {
  const done = message.do === 'start' ? start(message.order) : stop()
  done.catch((error: unknown) => {
    log.fatal({ err: error }, 'the app could not do what it was told')
    process.exit(1)
  })
})
// Nobody is left who could stop it.
process.on('disconnect', () => process.exit())
// Usually this is written at the end of a process, which a killed one has not.
flushCompileCache()
tell({ said: 'loaded' })
