import { createHash, randomBytes } from 'node:crypto'

import type { Store } from './contract.ts'
import type { TokenRecord } from './records.ts'

const LIFETIME = 60 * 60 * 1000

/** What a token is known by; the store holds no installation token itself. */
function fingerprint(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

const secret = (prefix: string): string => prefix + randomBytes(27).toString('base64url').replaceAll(/[-_]/g, 'x')

export function findToken(store: Store, token: string): TokenRecord | undefined {
  return store.get('token', fingerprint(token))
}

interface InstallationGrant {
  appId: number
  installationId: number | null
  repositoryIds: number[] | null
  permissions: Record<string, string>
}

/** A new installation token (`ghs_…`) for an hour, or for as long as a job runs. */
export function issueInstallationToken(
  store: Store,
  grant: InstallationGrant,
  lifetimeMs = LIFETIME,
): { token: string; expiresAt: string } {
  const token = secret('ghs_')
  const expiresAt = `${new Date(Date.now() + lifetimeMs).toISOString().slice(0, 19)}Z`
  dropExpired(store)
  store.put('token', { id: fingerprint(token), kind: 'installation', ...grant, expiresAt })
  return { token, expiresAt }
}

/** The person's token (`ghp_…`), always the same one. */
export function personalToken(store: Store, userId: number): string {
  for (const known of store.list('token')) if (known.kind === 'person' && known.userId === userId) return known.token
  const token = secret('ghp_')
  store.put('token', { id: fingerprint(token), kind: 'person', userId, token })
  return token
}

export function isExpired(token: TokenRecord): boolean {
  return token.kind === 'installation' && Date.parse(token.expiresAt) <= Date.now()
}

function dropExpired(store: Store): void {
  for (const token of store.list('token')) if (isExpired(token)) store.remove('token', token.id)
}
