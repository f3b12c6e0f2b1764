import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const Identity = z.object({
  privateKey: z.string(),
  publicKey: z.string(),
  webhookSecret: z.string(),
  /** The port of the embedded GitHub: addresses in its payloads name it, so it stays the same. */
  port: z.int().nullable(),
})
export type Identity = z.output<typeof Identity>

const Manifest = z.object({
  default_permissions: z.record(z.string(), z.string()),
  default_events: z.array(z.string()),
})

/** The key pair and secret that the app and the embedded GitHub share; made once for a data directory, and kept in it. */
export function identityIn(data: string): Identity {
  const file = join(data, 'identity.json')
  if (existsSync(file)) return Identity.parse(JSON.parse(readFileSync(file, 'utf8')))
  // Passable, so that as root the database server, which runs under another account, may live in it; files stay private.
  mkdirSync(data, { recursive: true, mode: 0o711 })
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  })
  const identity = { privateKey, publicKey, webhookSecret: randomBytes(20).toString('hex'), port: null }
  keepIdentity(data, identity)
  return identity
}

/** Written under another name first: a crash leaves the old one or the new one. */
export function keepIdentity(data: string, identity: Identity): void {
  const file = join(data, 'identity.json')
  writeFileSync(`${file}.new`, JSON.stringify(identity), { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** What the app asks for in its manifest is what it gets here: nothing more than on GitHub. */
export function manifest(): { permissions: Record<string, string>; events: string[] } {
  const text = readFileSync(new URL('../../../app.yml', import.meta.url), 'utf8')
  const { default_permissions: permissions, default_events: events } = Manifest.parse(parse(text))
  return { permissions, events }
}
