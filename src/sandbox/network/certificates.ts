import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import { isIP } from 'node:net'

/** A key and its certificate, both as PEM. */
export type KeyPair = { key: string; cert: string }

/** An authority that exists for one run and vouches for the hosts that are asked of it. */
export type Authority = { cert: string; issue(host: string): KeyPair }

const DAY_MS = 86_400_000

/**
 * X.509 certificates (RFC 5280) with keys on P-256, for a client that shall trust this process in place of a server. Node can
 * sign and cannot make certificates; this writes the few fields that are needed.
 */
export function createAuthority(): Authority {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const issuer = { name: nameOf('Pawl, for one run'), key: privateKey, id: keyId(publicKey) }
  const ca = extension('2.5.29.19', sequence(tlv(0x01, Buffer.from([0xff]))), true)
  const mayOnlySign = extension('2.5.29.15', tlv(0x03, Buffer.from([2, 0x04])), true)
  const own = [ca, mayOnlySign, extension('2.5.29.14', tlv(0x04, issuer.id))]
  return {
    cert: certificate(issuer, issuer.name, publicKey, own),
    issue(host) {
      const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const extensions = [
        extension('2.5.29.17', sequence(alternativeName(host))),
        extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'))),
        extension('2.5.29.35', sequence(tlv(0x80, issuer.id))),
        extension('2.5.29.14', tlv(0x04, keyId(pair.publicKey))),
      ]
      return {
        key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        cert: certificate(issuer, nameOf('Pawl'), pair.publicKey, extensions),
      }
    },
  }
}

type Issuer = { name: Buffer; key: KeyObject; id: Buffer }

function certificate(issuer: Issuer, subject: Buffer, publicKey: KeyObject, extensions: Buffer[]): string {
  const algorithm = sequence(oid('1.2.840.10045.4.3.2'))
  // A clock in the sandbox is this machine's own; the day before allows for nothing but rounding.
  const validity = sequence(time(Date.now() - DAY_MS), time(Date.now() + 7 * DAY_MS))
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const serial = tlv(0x02, Buffer.concat([Buffer.from([0x01]), randomBytes(15)]))
  const version = tlv(0xa0, tlv(0x02, Buffer.from([2])))
  const rest = tlv(0xa3, sequence(...extensions))
  const signed = sequence(version, serial, algorithm, issuer.name, validity, subject, spki, rest)
  const signature = bits(sign('sha256', signed, issuer.key))
  const lines =
    sequence(signed, algorithm, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

function nameOf(common: string): Buffer {
  return sequence(tlv(0x31, sequence(oid('2.5.4.3'), tlv(0x0c, Buffer.from(common)))))
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  const mark = critical ? [tlv(0x01, Buffer.from([0xff]))] : []
  return sequence(oid(id), ...mark, tlv(0x04, value))
}

function alternativeName(host: string): Buffer {
  if (isIP(host) === 4) return tlv(0x87, Buffer.from(host.split('.').map(Number)))
  return tlv(0x82, Buffer.from(host, 'ascii'))
}

/** The usual identifier of a key: the hash of its bits, RFC 5280, 4.2.1.2. */
function keyId(publicKey: KeyObject): Buffer {
  // An uncompressed point of P-256 is the last 65 bytes.
  return createHash('sha1')
    .update(publicKey.export({ type: 'spki', format: 'der' }).subarray(-65))
    .digest()
}

function time(at: number): Buffer {
  return tlv(0x17, Buffer.from(`${new Date(at).toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`))
}

const sequence = (...parts: Buffer[]) => tlv(0x30, ...parts)
const bits = (value: Buffer) => tlv(0x03, Buffer.from([0]), value)

/** One element of DER: tag, length, value. */
function tlv(tag: number, ...parts: Buffer[]): Buffer {
  const value = Buffer.concat(parts)
  const { length } = value
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), value])
  const size = length < 0x1_00 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), value])
}

function oid(text: string): Buffer {
  const [first = 0, second = 0, ...more] = text.split('.').map(Number)
  const bytes = [40 * first + second]
  for (const number of more) {
    const digits = [number & 0x7f]
    for (let rest = number >> 7; rest > 0; rest >>= 7) digits.unshift((rest & 0x7f) | 0x80)
    bytes.push(...digits)
  }
  return tlv(0x06, Buffer.from(bytes))
}
