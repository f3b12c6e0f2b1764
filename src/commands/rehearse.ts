import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { agentEnvironment } from '../config/agent-environment.ts'
import { ROLES, type Role } from '../local-github/openapi/operations.ts'
import { startEmbedded } from './embedded/embedded.ts'
import { commandLog } from './environment.ts'
import { UsageError, type Status } from './failure.ts'
import { readGiven } from './given-file.ts'
import { orInterrupted } from './interruption.ts'
import { print, printJson, tell } from './output.ts'
import { summary } from './rehearsal/summary.ts'
import { nameOf, rehearse, type Rehearsal } from './rehearsal/rehearse.ts'
import { readRequest } from './rehearsal/request-file.ts'

export type RehearseOptions = {
  repo: string
  request: string[]
  approve: 'auto' | 'never'
  config?: string
  data?: string
  requester: string
  json?: boolean
}

/** Outcomes with which a rehearsal has done what was asked: `rejected` is how `--approve never` ends. */
const FINE = new Set(['succeeded', 'rejected'])

/** `pawl rehearse`: see product.md of the specification, and README.md. */
export async function rehearseCommand(options: RehearseOptions): Promise<Status> {
  const rehearsal = await rehearsalOf(options)
  const data = options.data === undefined ? await temporary() : resolve(options.data)
  const log = commandLog()
  const starting = startEmbedded({
    data,
    log,
    timing: { poll: 300_000, backoff: 500, request: 10_000 },
    agents: agentEnvironment(process.env).agents,
  })
  const seen = ({ codename, phase, outcome }: { codename: string; phase: string; outcome: string | null }) =>
    tell(`${codename}: ${outcome ?? phase}`)
  try {
    const document = await orInterrupted(
      starting.then((embedded) => rehearse(embedded, rehearsal, options.json ? () => {} : seen)),
    )
    if (document === null) {
      if (options.data !== undefined) tell('interrupted; the same command goes on from here')
      return 1
    }
    if (options.json) printJson(document)
    else print(summary(document))
    return document.updates.every(({ outcome }) => FINE.has(outcome)) && document.audit.verified ? 0 : 1
  } finally {
    const embedded = await starting.catch(() => null)
    await embedded?.stop()
    if (options.data === undefined) await rm(data, { recursive: true, force: true })
  }
}

async function rehearsalOf(options: RehearseOptions): Promise<Rehearsal> {
  const [login = '', permission = ''] = options.requester.split(':')
  if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/.test(login) || !isRole(permission)) {
    throw new UsageError(
      `--requester ${options.requester} is not <login>:<permission>, such as maintainer:write; permissions are ${ROLES.join(', ')}.`,
    )
  }
  nameOf(options.repo)
  const requests = await Promise.all(options.request.map(async (file) => readRequest(await readGiven(file), file)))
  const config = options.config === undefined ? null : await readGiven(options.config)
  return { repo: options.repo, requests, approve: options.approve, config, requester: { login, permission } }
}

const isRole = (text: string): text is Role => (ROLES as readonly string[]).includes(text)

/** A directory of this run alone; as root the database's server runs under another account and must pass through. */
async function temporary(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'pawl-'))
  await chmod(dir, 0o711)
  return dir
}
