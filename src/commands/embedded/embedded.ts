import { join } from 'node:path'
import { startLocalGitHub, type LocalGitHub } from '../../local-github/server.ts'
import { startApp, type App, type AppSettings } from '../../main.ts'
import { WEBHOOK_PATH } from '../../web/server.ts'
import { identityIn, keepIdentity, manifest, type Identity } from './identity.ts'

/** GitHub and the app on this machine, with all their state in one directory. Nothing else is touched. */
export type Embedded = { github: LocalGitHub; app: App; stop(): Promise<void> }

export type EmbeddedOptions = {
  data: string
  log: AppSettings['log']
  /** A server of the caller's; else the app starts its own in `data`. */
  databaseUrl?: string | null
  timing: AppSettings['timing']
  /** What agents are lent; nothing when it is left out. */
  agents?: AppSettings['agents']
  /** What sandboxed commands may use, where it is not the usual. */
  sandbox?: AppSettings['sandbox']
  /** What a repository may use in a day; without end when it is left out. */
  quota?: AppSettings['quota']
}

/** The number that the embedded GitHub gives the app. */
const APP_ID = 1

/** Starts the embedded GitHub, or opens it again with everything that was in it. */
export async function startGitHub(data: string): Promise<{ github: LocalGitHub; identity: Identity }> {
  const identity = identityIn(data)
  const { publicKey, webhookSecret } = identity
  const app = { id: APP_ID, slug: 'pawl', name: 'Pawl', publicKey, webhookSecret, ...manifest() }
  const github = await startLocalGitHub({
    data: join(data, 'github'),
    app,
    ...(identity.port === null ? {} : { port: identity.port }),
  })
  if (identity.port === null) keepIdentity(data, { ...identity, port: github.port })
  return { github, identity }
}

/** The settings of an app that belongs to an embedded GitHub. */
export function appSettings(
  github: Pick<LocalGitHub, 'url' | 'apiUrl'>,
  identity: Identity,
  options: EmbeddedOptions,
): AppSettings {
  return {
    credentials: { appId: APP_ID, privateKey: identity.privateKey, webhookSecret: identity.webhookSecret },
    github: { server: github.url, api: github.apiUrl },
    webhookProxy: null,
    host: '127.0.0.1',
    port: 0,
    database: options.databaseUrl ?? null,
    data: join(options.data, 'app'),
    publicUrl: null,
    logLevel: 'warn',
    timing: options.timing,
    sandbox: options.sandbox ?? {},
    agents: options.agents ?? { keys: [], servers: {} },
    quota: options.quota ?? { updates: null, tokens: null, usd: null },
    log: options.log,
  }
}

export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { github, identity } = await startGitHub(options.data)
  try {
    const app = await startApp(appSettings(github, identity, options))
    github.setWebhookUrl(app.url + WEBHOOK_PATH)
    return {
      github,
      app,
      async stop() {
        await app.stop()
        await github.stop()
      },
    }
  } catch (error) {
    await github.stop()
    throw error
  }
}
