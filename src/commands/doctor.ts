import { execFileSync } from 'node:child_process'
import pg from 'pg'
import { z } from 'zod'
import { createGitHubApp } from '../github/client.ts'
import { createSandbox } from '../sandbox/sandbox.ts'
import { locateBinaries } from '../database/binaries.ts'
import { examineAgents } from './examine-agents.ts'
import { manifest } from './embedded/identity.ts'
import { appSettings, readEnvironment } from './environment.ts'
import { UsageError, type Status } from './failure.ts'
import { print, printJson } from './output.ts'

const Examination = z.object({ name: z.string(), ok: z.boolean(), detail: z.string(), remedy: z.string() })
export const DoctorDocument = z.object({ ok: z.boolean(), examinations: z.array(Examination) })
type Examination = z.output<typeof Examination>

/** `pawl doctor`: looks at everything that the app needs, and says how to mend what is missing. */
export async function doctor(options: { json?: boolean; config?: string }): Promise<Status> {
  const examinations = [examineTools(), await examineSandbox(), ...(await examineEnvironment(options.config))]
  const document = DoctorDocument.parse({ ok: examinations.every(({ ok }) => ok), examinations })
  if (options.json) printJson(document)
  else
    for (const { name, ok, detail, remedy } of examinations)
      print(`${ok ? 'ok  ' : 'FAIL'}  ${name}: ${detail}${ok ? '' : `\n      ${remedy}`}`)
  return document.ok ? 0 : 1
}

const good = (name: string, detail: string): Examination => ({ name, ok: true, detail, remedy: '' })
const bad = (name: string, detail: string, remedy: string): Examination => ({ name, ok: false, detail, remedy })
const said = (error: unknown) => (error instanceof Error ? error.message : String(error))

function examineTools(): Examination {
  try {
    const version = execFileSync('git', ['--version'], { encoding: 'utf8' }).trim()
    const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(version) ?? []
    // `merge-tree --write-tree` came with 2.38.
    if (Number(major) * 100 + Number(minor) >= 238) return good('git', version)
    return bad('git', `${version} is too old`, 'Install git 2.38 or newer.')
  } catch (error) {
    return bad('git', said(error), 'Install git 2.38 or newer.')
  }
}

async function examineSandbox(): Promise<Examination> {
  const check = await createSandbox().check()
  return check.ok
    ? good('sandbox', 'commands run without network, token or host files')
    : bad('sandbox', check.reason, check.remedy)
}

/** `config` names a `pawl.yml` whose agents are looked for. */
async function examineEnvironment(config: string | undefined): Promise<Examination[]> {
  try {
    const environment = readEnvironment()
    const local = [await examineDatabase(environment.database), ...(await examineAgents(environment.agents, config))]
    const settings = appSettings(environment)
    if (!settings) {
      return [
        ...local,
        bad(
          'credentials',
          'APP_ID, PRIVATE_KEY and WEBHOOK_SECRET are not set',
          'Run npm start and follow the page that it serves.',
        ),
      ]
    }
    return [...local, ...(await examineApp(settings))]
  } catch (error) {
    if (error instanceof UsageError)
      return [bad('environment', error.message, 'Correct it in .env or where the service is started.')]
    throw error
  }
}

async function examineDatabase(url: string | null): Promise<Examination> {
  if (url === null) {
    return locateBinaries().then(
      () => good('database', 'the embedded PostgreSQL is installed'),
      (error: unknown) => bad('database', said(error), 'Run npm ci again, or set DATABASE_URL.'),
    )
  }
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  try {
    await client.connect()
    const { rows } = await client.query<{ version: string }>(`SELECT current_setting('server_version') AS version`)
    return good('database', `PostgreSQL ${rows[0]?.version ?? ''} answers`)
  } catch (error) {
    return bad('database', said(error), 'See that the server of DATABASE_URL runs and lets this user in.')
  } finally {
    await client.end().catch(() => {})
  }
}

async function examineApp(settings: NonNullable<ReturnType<typeof appSettings>>): Promise<Examination[]> {
  const { credentials, github, timing } = settings
  const { asApp } = createGitHubApp({
    ...credentials,
    apiUrl: github.api,
    userAgent: 'pawl',
    timeoutMs: timing.request,
  })
  try {
    const { data: app } = await asApp.apps.getAuthenticated()
    const wanted = manifest()
    const order = ['read', 'write', 'admin']
    const granted: Record<string, string | undefined> = app?.permissions ?? {}
    const lacking = Object.entries(wanted.permissions).filter(
      ([name, level]) => order.indexOf(granted[name] ?? '') < order.indexOf(level),
    )
    const deaf = wanted.events.filter((event) => !app?.events.includes(event as never))
    const { data: hook } = await asApp.apps.getWebhookConfigForApp()
    return [
      good('credentials', `GitHub knows the app as ${app?.slug ?? app?.name ?? 'unnamed'}`),
      lacking.length === 0
        ? good('permissions', 'all that app.yml asks for')
        : bad(
            'permissions',
            `missing: ${lacking.map(([name, level]) => `${name}: ${level}`).join(', ')}`,
            'Grant them on the page of the app and accept them in each installation.',
          ),
      deaf.length === 0
        ? good('events', 'all that app.yml asks for')
        : bad('events', `not subscribed: ${deaf.join(', ')}`, 'Subscribe to them on the page of the app.'),
      hook.url
        ? good('webhook', hook.url)
        : bad('webhook', 'no address is set', 'Set it on the page of the app to <address>/api/github/webhooks.'),
    ]
  } catch (error) {
    return [
      bad(
        'credentials',
        said(error),
        'See that APP_ID and PRIVATE_KEY belong to the same app, and that GitHub can be reached.',
      ),
    ]
  }
}
