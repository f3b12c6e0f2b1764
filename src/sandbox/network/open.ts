import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getCACertificates } from 'node:tls'
import { RUNTIME } from '../runtime.ts'
import { createAuthority } from './certificates.ts'
import { namesLoopback } from './hosts.ts'
import { createProxy } from './proxy.ts'

/**
 * A key of the operator that a command may use. The command finds a placeholder under `name` in its environment; in requests to
 * `origin`, such as `https://api.openai.com`, it is replaced by the value outside of the sandbox.
 */
export type LentKey = { name: string; value: string; origin: string }

/** A network for one run: what must be shown and set in the sandbox, and what must stand before the command. */
export type OpenNetwork = {
  jail: string[]
  variables: Record<string, string>
  before: string[]
  /** What was refused, a line each. */
  notes(): string[]
  close(): Promise<void>
}

/** Of the sandbox's own loopback, which every run has for itself. */
const PORT = 47_128
const PLACE = '/opt/pawl'

/** Starts the proxy on a socket in a directory that only this account can enter. It ends with `close()`. */
export async function openNetwork(hosts: string[], lent: LentKey[]): Promise<OpenNetwork> {
  const dir = await mkdtemp(join(tmpdir(), 'pawl-network-'))
  const placeholders = new Map(lent.map(({ name }) => [name, `pawl-${randomBytes(16).toString('hex')}`]))
  const keys = lent.map(({ name, ...key }) => ({ ...key, placeholder: placeholders.get(name) ?? '' }))
  const authority = keys.some(({ origin }) => origin.startsWith('https:')) ? createAuthority() : null
  const proxy = createProxy(hosts, keys, authority)
  try {
    proxy.server.listen(join(dir, 'proxy'))
    await once(proxy.server, 'listening')
    if (authority !== null) {
      await writeFile(join(dir, 'ca.pem'), [...getCACertificates('default'), authority.cert].join('\n'))
    }
  } catch (error) {
    proxy.end()
    await rm(dir, { recursive: true, force: true })
    throw error
  }
  const forward = fileURLToPath(new URL('../etc/forward.mjs', import.meta.url))
  return {
    jail: ['--ro-bind', dir, `${PLACE}/network`, '--ro-bind', forward, `${PLACE}/forward.mjs`],
    variables: {
      ...proxyVariables(hosts),
      ...(authority === null ? {} : trustVariables(`${PLACE}/network/ca.pem`)),
      ...Object.fromEntries(placeholders),
    },
    before: [`${RUNTIME}/bin/node`, `${PLACE}/forward.mjs`, String(PORT), `${PLACE}/network/proxy`],
    notes: () => proxy.notes(),
    async close() {
      proxy.end()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** Programs differ in which spelling they read; Node needs to be told that it may. */
function proxyVariables(hosts: string[]): Record<string, string> {
  const proxy = `http://127.0.0.1:${PORT}`
  const none = namesLoopback(hosts) ? '' : 'localhost,127.0.0.1,::1'
  return {
    HTTP_PROXY: proxy,
    http_proxy: proxy,
    HTTPS_PROXY: proxy,
    https_proxy: proxy,
    NO_PROXY: none,
    no_proxy: none,
    NODE_USE_ENV_PROXY: '1',
  }
}

/** Where Node, OpenSSL, curl, git, Python's requests and Rust programs look for authorities. */
function trustVariables(file: string): Record<string, string> {
  const names = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'CURL_CA_BUNDLE', 'GIT_SSL_CAINFO', 'REQUESTS_CA_BUNDLE']
  return Object.fromEntries(names.map((name) => [name, file]))
}
