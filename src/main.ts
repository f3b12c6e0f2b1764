import { mkdir, statfs } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import pg from 'pg'
import type { Logger } from 'pino'
import { Probot } from 'probot'
import { SmeeClient } from 'smee-client'
import { acts } from './audit/acts.ts'
import { inbox } from './audit/inbox.ts'
import { auditLog, type AuditLog } from './audit/log.ts'
import { migrate } from './audit/schema.ts'
import { usageSince } from './audit/usage.ts'
import { updates as updatesIn, type Updates } from './audit/updates.ts'
import type { Environment } from './config/environment.ts'
import { startEmbeddedPostgres } from './database/embedded-postgres.ts'
import { launchEngine } from './engine.ts'
import { openGit } from './git/open.ts'
import { createGitHubApp } from './github/client.ts'
import { createMapper } from './graph/map.ts'
import { createProbes } from './health/choose.ts'
import { catchUp } from './main/catch-up.ts'
import { createClosing, type Closing } from './main/closing.ts'
import { deployerOf } from './main/deployers.ts'
import { loggedUpdates } from './main/logged-updates.ts'
import { planAccuracies } from './main/plan-accuracy.ts'
import { selfCheck } from './main/self-check.ts'
import { successOf } from './main/success.ts'
import { createPipeline } from './pipeline.ts'
import { createDoors } from './pipeline/doors.ts'
import { createSandbox } from './sandbox/sandbox.ts'
import { isOutage } from './stages/outage.ts'
import type { Services } from './stages/services.ts'
import { createStages } from './stages/stages.ts'
import { startWebServer, WEBHOOK_PATH } from './web/server.ts'
import { webhooks } from './webhooks.ts'

/** The environment with its credentials read. */
export type AppSettings = Omit<Environment, 'credentials'> & {
  credentials: { appId: number; privateKey: string; webhookSecret: string }
  log: Logger
}

/** The running app. `stop()` takes nothing new, lets running steps end and leaves the rest for the next start. */
export type App = {
  url: string
  audit: AuditLog
  updates: Updates
  /** How much is under way or waits for its turn: webhooks that are not processed yet, and workflows. */
  unfinished(): Promise<number>
  stop(): Promise<void>
}

/** Starts the app. When a part cannot start, those that did are stopped again. */
export async function startApp(settings: AppSettings): Promise<App> {
  // Git and sandboxes work in directories of their own, from where a relative path leads elsewhere.
  const data = resolve(settings.data)
  await mkdir(data, { recursive: true })
  const closing = createClosing()
  try {
    return await wire({ ...settings, data }, closing)
  } catch (error) {
    await closing.stop()
    throw error
  }
}

/** Starts everything in the order in which it depends on each other. The only place that wires. */
async function wire(settings: AppSettings, closing: Closing): Promise<App> {
  const { credentials, github, data, log, timing } = settings
  let databaseUrl = settings.database
  if (databaseUrl === null) {
    const database = await startEmbeddedPostgres(join(data, 'postgres'))
    closing.add(database, (server) => server.stop())
    databaseUrl = database.url
  }
  const pool = closing.add(new pg.Pool({ connectionString: databaseUrl, max: 10 }), (opened) => opened.end())
  pool.on('error', (error) => log.warn({ err: error }, 'an idle connection to the database broke'))
  await migrate(pool)

  const audit = auditLog(pool)
  const updates = loggedUpdates(updatesIn(pool), log)
  const sandbox = createSandbox({ limits: settings.sandbox })
  void sandbox.check().then((held) => held.ok || log.warn({ ...held }, 'what needs the sandbox will be refused'))
  const app = createGitHubApp({ ...credentials, apiUrl: github.api, userAgent: 'pawl', timeoutMs: timing.request })
  const mapper = closing.add(createMapper({ cacheDir: join(data, 'graph') }), (opened) => opened.close())
  const scratch = join(data, 'scratch')
  await mkdir(scratch, { recursive: true })
  const services: Services = {
    github: app,
    git: openGit(join(data, 'git')),
    mapper,
    sandbox,
    operator: settings.agents,
    quota: settings.quota,
    usage: (repo, since, without) => usageSince(pool, repo, since, without),
    audit,
    acts: acts(audit),
    updates,
    instance: `${hostname()}:${process.pid}`,
    publicUrl: settings.publicUrl,
    resources: async () => ({ memory: process.availableMemory(), disk: await freeDisk(data) }),
    bootFaults: await selfCheck(data),
    deployerOf: (config, desk, branch) => deployerOf({ sandbox, updates, data }, config, desk, branch),
    probesOf: (config, more) =>
      createProbes([...config.health.probes, ...more.map(probeOf)], (command, options) =>
        sandbox.run(command, { workspace: scratch, ...options }),
      ),
    log,
  }
  const stages = createStages(services)
  const pipeline = createPipeline(stages, { pollMs: timing.poll, backoffMs: timing.backoff })
  const engine = closing.add(await launchEngine({ databaseUrl, logger: log }), (launched) => launched.stop())

  const probot = new Probot({
    ...credentials,
    secret: credentials.webhookSecret,
    baseUrl: github.api,
    log,
  })
  await probot.load(webhooks(createDoors(stages, pipeline)))
  const deliveries = inbox(pool)
  const draining = deliveries.drain(
    async ({ id, event, payload }) => {
      // Probot routes by name; a payload was verified when it was taken in.
      await probot.receive({ id, name: event, payload } as unknown as Parameters<Probot['receive']>[0])
    },
    {
      isOutage,
      failed: (delivery, error, givenUp) =>
        log.warn({ err: error, delivery, givenUp }, 'a delivery could not be processed'),
    },
  )
  closing.add(draining, (begun) => begun.stop())
  const receiver = {
    secret: credentials.webhookSecret,
    accept: (delivery: Parameters<typeof deliveries.accept>[0]) => deliveries.accept(delivery),
    log,
  }
  const unready = () =>
    pool.query('SELECT 1').then(
      () => null,
      (error: Error) => `The database does not answer: ${error.message}`,
    )
  const status = {
    title: 'Pawl',
    recent: () => updates.list({ limit: 50 }),
    success: () => successOf(pool),
    accuracy: () => planAccuracies(updates),
  }
  const listen = { host: settings.host, port: settings.port }
  const web = closing.add(await startWebServer({ receiver, status, unready, log }, listen), (server) => server.stop())
  if (settings.webhookProxy !== null) {
    closing.add(await forward(settings.webhookProxy, web.url + WEBHOOK_PATH, log), (smee) => smee.stop())
  }
  closing.add(catchUp(app.asApp, deliveries, log), (begun) => begun.stop())

  return {
    url: web.url,
    audit,
    updates,
    unfinished: async () => (await deliveries.pending()).length + (await engine.unfinished()),
    stop: () => closing.stop(),
  }
}

/** Webhooks for a machine that GitHub cannot reach, through a smee channel: for development only. */
async function forward(source: string, target: string, log: Logger): Promise<SmeeClient> {
  const smee = new SmeeClient({
    source,
    target,
    logger: { info: (text) => log.info(text), error: (text) => log.error(text) },
  })
  await smee.start()
  return smee
}

async function freeDisk(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir)
  return bavail * bsize
}

/** A probe that a plan adds is an address that must answer. */
function probeOf(url: string): Parameters<typeof createProbes>[0][number] {
  return { kind: 'http', name: url, url, expect: 200, within: 2_000, interval: 15_000 }
}
