import { createPublicKey } from 'node:crypto'
import { decodeProtectedHeader, errors, jwtVerify } from 'jose'

import { refuse } from './answers.ts'
import type { Answer, Caller, World } from './contract.ts'
import { userById } from './people.ts'
import type { AppRecord, TokenRecord } from './records.ts'
import { findToken, isExpired } from './tokens.ts'

export type Authenticated = { ok: true; caller: Caller } | { ok: false; answer: Answer }

const refused = (message: string): Authenticated => ({ ok: false, answer: refuse(401, message) })
/** Clocks of two machines differ; GitHub allows a minute. */
const TOLERANCE = 60
const LONGEST = 10 * 60

/** Credentials of an Authorization header: `Bearer x`, `token x`, or Basic with the token as password or user name. */
function credentials(header: string | undefined): string | null {
  const [scheme = '', value = ''] = (header ?? '').trim().split(/\s+/, 2)
  if (value === '') return null
  if (scheme.toLowerCase() !== 'basic') return value
  const pair = Buffer.from(value, 'base64').toString()
  const colon = pair.indexOf(':')
  const password = pair.slice(colon + 1)
  return password === '' || password === 'x-oauth-basic' ? pair.slice(0, colon) : password
}

/** Says who calls. Without credentials that is nobody; wrong ones are refused. */
export async function authenticate(world: World, header: string | undefined): Promise<Authenticated> {
  const secret = credentials(header)
  if (secret === null) return { ok: true, caller: { kind: 'anonymous' } }
  if (secret.split('.').length === 3) return byJwt(world, secret)
  const caller = callerOf(world, secret)
  return caller === null ? refused('Bad credentials') : { ok: true, caller }
}

/** Who holds an installation token or a personal token; null for an unknown or expired one. */
export function callerOf(world: World, secret: string): Caller | null {
  const token = findToken(world.store, secret)
  if (token === undefined || isExpired(token)) return null
  if (token.kind === 'person') return { kind: 'person', user: userById(world.store, token.userId) }
  return installationCaller(world, token)
}

function installationCaller(world: World, token: TokenRecord & { kind: 'installation' }): Caller | null {
  const app = world.store.get('app', token.appId)
  const installation =
    token.installationId === null ? null : (world.store.get('installation', token.installationId) ?? null)
  // An uninstalled app's tokens die with the installation.
  if (app === undefined || (token.installationId !== null && installation === null)) return null
  const grant = { tokenId: token.id, permissions: token.permissions, repositoryIds: token.repositoryIds }
  return { kind: 'installation', app, bot: userById(world.store, app.botId), grant, installation }
}

async function byJwt(world: World, jwt: string): Promise<Authenticated> {
  const app = world.store.get('app', world.app.id)
  if (app === undefined) return refused('Integration not found')
  try {
    if (decodeProtectedHeader(jwt).alg !== 'RS256') return refused('A JSON web token could not be decoded')
    const key = createPublicKey(world.app.publicKey)
    const { payload } = await jwtVerify(jwt, key, { algorithms: ['RS256'], clockTolerance: 0 })
    return judge(app, payload)
  } catch (error) {
    if (error instanceof errors.JWTExpired) {
      return refused(
        "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
      )
    }
    if (error instanceof errors.JOSEError || error instanceof TypeError) {
      return refused('A JSON web token could not be decoded')
    }
    throw error
  }
}

function judge(app: AppRecord, payload: { iat?: number; exp?: number; iss?: string }): Authenticated {
  const now = Date.now() / 1000
  const { iat, exp, iss } = payload
  if (exp === undefined) return refused("Missing 'expiration time' claim ('exp') in assertion")
  if (iat === undefined) return refused("Missing 'issued at' claim ('iat') in assertion")
  if (exp > now + LONGEST + TOLERANCE) return refused("'Expiration time' claim ('exp') is too far in the future")
  if (exp - iat > LONGEST + TOLERANCE) return refused("'Expiration time' claim ('exp') is too far in the future")
  if (iat > now + TOLERANCE) {
    return refused("'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued")
  }
  if (String(iss) !== String(app.id)) return refused('Integration not found')
  return { ok: true, caller: { kind: 'app', app } }
}
