import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'

export type Target = { host: string; port: number }

/** Where a target may be reached, or why it may not. */
export type Judged = { ok: true; address: string } | { ok: false; why: string }

/** A host that is listed without a port may be reached on these. */
const USUAL_PORTS = [80, 443]

const RESOLVE_MS = 10_000

/**
 * Judges targets by a list of `host`, `host:port` and `*.host`. Names are looked up here, outside of the sandbox, and the
 * address that was judged is the one to connect to: a name that answers differently the second time gains nothing. Addresses of
 * this machine and of private networks are refused unless they stand in the list themselves.
 */
export function hostJudge(list: string[]): (target: Target) => Promise<Judged> {
  const listed = list.map(parse)
  const isListed = (host: string, port: number) =>
    listed.some((each) => (each.port === null ? USUAL_PORTS.includes(port) : each.port === port) && covers(each, host))

  return async ({ host: written, port }) => {
    const host = bare(written)
    if (!isListed(host, port)) return { ok: false, why: 'it is not in the list of hosts' }
    if (isIP(host) !== 0) return { ok: true, address: host }
    const addresses = await resolve(host)
    if (addresses.length === 0) return { ok: false, why: 'its name leads to no address' }
    const address = addresses.find((each) => host === 'localhost' || !isPrivate(each) || isListed(each, port))
    if (address !== undefined) return { ok: true, address }
    return { ok: false, why: `its name leads to ${addresses[0]}, a private address that is not in the list of hosts` }
  }
}

/** Whether a list names this machine itself, so that what is meant for it must go through the proxy too. */
export function namesLoopback(list: string[]): boolean {
  return list.some((each) => {
    const { host } = parse(each)
    return host === 'localhost' || (isIP(host) !== 0 && PRIVATE.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4'))
  })
}

/** `host:port` or `[address]:port`, as CONNECT and authorities of URLs write it; `null` for anything else. */
export function parseTarget(text: string, usual: number | null = null): Target | null {
  const [, host, digits] = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/.exec(text) ?? []
  const port = digits === undefined ? usual : Number(digits)
  if (host === undefined || port === null || port < 1 || port > 65_535) return null
  return { host: bare(host), port }
}

type Listed = { host: string; below: boolean; port: number | null }

function parse(text: string): Listed {
  const [, below, host = '', port] = /^(\*\.)?(.*?)(?::(\d{1,5}))?$/.exec(text) ?? []
  return { host: bare(host), below: below !== undefined, port: port === undefined ? null : Number(port) }
}

function covers(listed: Listed, host: string): boolean {
  // The end of an address is not a domain.
  if (listed.below) return isIP(host) === 0 && host.endsWith(`.${listed.host}`)
  return host === listed.host
}

function bare(host: string): string {
  return host
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase()
}

async function resolve(host: string): Promise<string[]> {
  const { promise: late, resolve: giveUp } = Promise.withResolvers<{ address: string }[]>()
  const timer = setTimeout(() => giveUp([]), RESOLVE_MS)
  const found = await Promise.race([lookup(host, { all: true, verbatim: true }).catch(() => []), late])
  clearTimeout(timer)
  return found.map(({ address }) => address)
}

function isPrivate(address: string): boolean {
  return PRIVATE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

/** The registries of special-purpose addresses of IANA, RFC 6890: what is not an address of the public internet. */
const PRIVATE = new BlockList()
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  PRIVATE.addSubnet(net, prefix, 'ipv4')
}
for (const [net, prefix] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  PRIVATE.addSubnet(net, prefix, 'ipv6')
}
