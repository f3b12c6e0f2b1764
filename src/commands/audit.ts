import { existsSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { auditLog, type AuditLog } from '../audit/log.ts'
import { updates as updatesIn, type Updates } from '../audit/updates.ts'
import { startEmbeddedPostgres } from '../database/embedded-postgres.ts'
import { recordOf } from '../stages/record.ts'
import { AuditListDocument, AuditShowDocument, AuditVerifyDocument } from './documents/audit.ts'
import { readEnvironment } from './environment.ts'
import { UsageError, type Status } from './failure.ts'
import { print, printJson, printPiece } from './output.ts'

type Opened = { audit: AuditLog; updates: Updates; close(): Promise<void> }

/** `pawl audit list|show|verify|export`, on `DATABASE_URL`, or on the embedded database of a data directory. */
export async function auditCommand(
  what: 'list' | 'show' | 'verify' | 'export',
  codename: string | null,
  options: { data?: string; json?: boolean },
): Promise<Status> {
  const opened = await open(options.data)
  try {
    if (what === 'list') return await list(opened, options.json === true)
    if (what === 'show') return await show(opened, codename ?? '', options.json === true)
    if (what === 'verify') return await verify(opened, options.json === true)
    return await exported(opened, options.json === true)
  } finally {
    await opened.close()
  }
}

async function open(data: string | undefined): Promise<Opened> {
  const environment = readEnvironment()
  // A rehearsal keeps the app's state in a folder of its own below the data directory.
  const dir = data === undefined ? environment.data : data
  const own = data === undefined && environment.database !== null
  const postgres = own ? null : await startEmbeddedPostgres(postgresIn(dir))
  const pool = new pg.Pool({ connectionString: postgres?.url ?? environment.database ?? '' })
  // Connections that are only just closing hear that the server is shut down.
  pool.on('error', () => {})
  return {
    audit: auditLog(pool),
    updates: updatesIn(pool),
    async close() {
      await pool.end()
      await postgres?.stop()
    },
  }
}

function postgresIn(dir: string): string {
  const found = [join(dir, 'postgres'), join(dir, 'app', 'postgres')].find((path) => existsSync(path))
  if (found) return found
  throw new UsageError(`${dir} holds no state of Pawl: name the directory with --data, or set DATABASE_URL.`)
}

async function list({ updates }: Opened, json: boolean): Promise<Status> {
  const all = await updates.list({ limit: 1_000 })
  const rows = all.map(({ codename, repo, issue, attempt, title, phase, outcome, createdAt }) => {
    return { codename, repo, issue, attempt, title, phase, outcome, createdAt }
  })
  if (json) printJson(AuditListDocument.parse({ updates: rows }))
  else
    for (const row of rows)
      print(`${row.createdAt}  ${row.codename.padEnd(28)} ${row.repo}#${row.issue}  ${row.outcome ?? row.phase}`)
  return 0
}

async function show({ audit, updates }: Opened, codename: string, json: boolean): Promise<Status> {
  const update = await updates.byCodename(codename)
  if (!update) throw new UsageError(`There is no update named ${codename}: pawl audit list shows them all.`)
  const events = await audit.list({ codename })
  const { plan, order, phases } = recordOf(update)
  const certificate = events.find(({ kind }) => kind === 'certificate')?.data ?? null
  if (json) {
    const { repo, issue, outcome } = update
    const approvals = order?.approvals ?? []
    printJson(AuditShowDocument.parse({ codename, repo, issue, outcome, plan, approvals, phases, certificate, events }))
    return 0
  }
  print(`${codename}  ${update.repo}#${update.issue}  ${update.outcome ?? update.phase}\n`)
  print(`plan: ${plan ? JSON.stringify(plan, null, 2) : 'none'}\n`)
  for (const event of events)
    print(`${event.at}  ${String(event.seq).padStart(5)}  ${event.kind.padEnd(20)} ${event.key}`)
  if (certificate) print(`\ncertificate: ${JSON.stringify(certificate, null, 2)}`)
  return 0
}

async function verify({ audit }: Opened, json: boolean): Promise<Status> {
  const verification = await audit.verify()
  if (json) printJson(AuditVerifyDocument.parse(verification))
  else if (verification.verified)
    print(`${verification.events} events, the chain is whole; its head is ${verification.head}`)
  else
    print(`The chain is broken at event ${verification.fault?.seq ?? 'unknown'}: ${verification.fault?.reason ?? ''}`)
  return verification.verified ? 0 : 1
}

/** Line by line, because the log may be larger than memory; with `--json` the lines are the elements of one document. */
async function exported({ audit }: Opened, json: boolean): Promise<Status> {
  if (json) await printPiece('{"events":[')
  let between = ''
  for await (const line of audit.export()) {
    await printPiece(`${between}${line}\n`)
    if (json) between = ','
  }
  if (json) await printPiece(']}\n')
  return 0
}
