import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'

import { createApi } from './api.ts'
import { ensureApps } from './apps.ts'
import type { AppSettings, Part, Violation } from './contract.ts'
import type { Faults } from './faults.ts'
import { createGraphql } from './graphql.ts'
import { pages, PARTS } from './parts.ts'
import { HANDLERS } from './rest/all.ts'
import { createSeed, type Seed } from './seed.ts'
import { createTraffic, type Traffic } from './traffic.ts'
import { createWorld, type Machinery } from './world.ts'

export interface LocalGitHubOptions {
  /** A folder; everything is kept in it and is there again at the next start. */
  data: string
  /** Default: a free one. Payloads name it, so keep it over restarts where links must hold. */
  port?: number
  app: AppSettings
  /** Where the app's webhooks go. Null or absent: they wait until `setWebhookUrl`, if it was ever given. */
  webhookUrl?: string | null
  /** Workflow jobs at once. Default 2. */
  jobs?: number
}

export interface LocalGitHub extends Seed {
  url: string
  /** `<url>/api/v3` */
  apiUrl: string
  port: number
  /** Null turns the webhook off: what happens meanwhile is told to nobody, as on GitHub. */
  setWebhookUrl(url: string | null): void
  /** What did not fit GitHub's descriptions so far: requests, answers, webhooks; and faults of the local GitHub. */
  violations(): Violation[]
  traffic(): Traffic
  faults: Faults
  /** Resolves when no workflow is running and no delivery is under way. */
  idle(): Promise<void>
  stop(): Promise<void>
}

const PAUSE_MS = 5

/** Starts GitHub on this machine, on 127.0.0.1 only. Throws when another process serves the same folder. */
export async function startLocalGitHub(options: LocalGitHubOptions): Promise<LocalGitHub> {
  await mkdir(options.data, { recursive: true })
  let handle: (request: IncomingMessage, response: ServerResponse) => void = unavailable
  const server = createServer((request, response) => handle(request, response))
  const port = await listen(server, options.port ?? 0)
  const url = `http://127.0.0.1:${port}`
  try {
    const { data, app, jobs = 2, webhookUrl = null } = options
    const machinery = createWorld({ data, url, app, jobs, handlers: HANDLERS })
    const { world, outbox } = machinery
    ensureApps(world)
    if (webhookUrl !== null) turnHook(machinery, webhookUrl)
    const traffic = createTraffic()
    const parts: Part[] = []
    for (const start of PARTS) parts.push(await start(world))
    const api = createApi(machinery, traffic)
    const graphql = createGraphql(machinery, traffic)
    handle = (request, response) => {
      if (api(request, response) || graphql(request, response)) return
      if (parts.some((part) => part.handle?.(request, response) === true)) return
      if (!pages(request, response, world)) response.writeHead(404).end('Not Found')
    }

    return {
      url,
      apiUrl: world.apiUrl,
      port,
      ...createSeed(world, machinery.tell),
      setWebhookUrl: (given) => turnHook(machinery, given),
      violations: () => [...machinery.violations],
      traffic: () => traffic.read(),
      faults: machinery.faults,
      idle: () => idle(machinery, parts),
      async stop() {
        handle = unavailable
        const closed = once(server, 'close')
        server.close()
        server.closeAllConnections()
        await closed
        for (const part of parts.toReversed()) await part.close()
        await outbox.close()
        await Promise.all(machinery.running)
        world.store.close()
      },
    }
  } catch (error) {
    server.close()
    throw error
  }
}

function unavailable(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(503).end('The local GitHub is starting or stopping')
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}

function turnHook({ world, outbox }: Machinery, url: string | null): void {
  world.store.put('switch', { id: 'hook', on: url !== null })
  outbox.setUrl(url)
}

/** Work makes more work (a push starts a run, which sends webhooks), so all must be found quiet in one look. */
async function idle({ outbox, running }: Machinery, parts: Part[]): Promise<void> {
  for (;;) {
    await Promise.all(running)
    for (const part of parts) await part.idle()
    // Nothing may have begun while the parts were asked one after another.
    if (running.size === 0 && !outbox.busy()) {
      await Promise.all(parts.map((part) => part.idle()))
      if (running.size === 0 && !outbox.busy()) return
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}
