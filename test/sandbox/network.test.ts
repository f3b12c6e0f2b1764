import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAuthority } from '../../src/sandbox/network/certificates.ts'
import { hostJudge } from '../../src/sandbox/network/hosts.ts'
import { openNetwork } from '../../src/sandbox/network/open.ts'
import { createSandbox, type RunOptions } from '../../src/sandbox/sandbox.ts'

const sandbox = createSandbox()
const servers: Server[] = []
let workspace: string
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'pawl-network-test-'))
})
afterEach(async () => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
  await rm(workspace, { recursive: true, force: true })
})

const run = (command: string[], options: Partial<RunOptions> = {}) =>
  sandbox.run(command, { workspace, timeoutMs: 20_000, signal: AbortSignal.timeout(25_000), ...options })

async function listening(server: Server): Promise<string> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}
const serve = (answer: RequestListener) => listening(createServer(answer))

/** Fetches as any program of Node does, by the environment alone, and prints what came. */
const fetching = (url: string, init = '{}') => [
  'node',
  '-e',
  `fetch(${JSON.stringify(url)}, ${init}).then(async (a) => console.log(a.status, (await a.text()).trim()))
    .catch((e) => { console.log('failed:', e.cause?.message ?? e.message); process.exitCode = 1 })`,
]

describe('a command with a list of hosts', () => {
  it('reaches a listed host by plain HTTP and through CONNECT, with what it sends and gets', async () => {
    const host = await serve((request, response) => request.pipe(response))
    const sent = await run(fetching(`http://${host}/a?b`, `{ method: 'POST', body: 'hello' }`), { network: [host] })
    expect(sent).toMatchObject({ ok: true, stdout: '200 hello\n', stderr: '' })
    const curl = ['curl', '--silent', '--show-error', '--proxytunnel', '--data', 'tunnelled', `http://${host}/`]
    expect(await run(curl, { network: [host] })).toMatchObject({ ok: true, stdout: 'tunnelled' })
  })

  it('is refused every other, by name in what it printed, and the host hears nothing', async () => {
    let heard = 0
    const other = await serve((_, response) => response.end(String(++heard)))
    const result = await run(fetching(`http://${other}/`), { network: ['api.example.com', '127.0.0.1:1'] })
    expect(result.stdout).toMatch(/^403 |^failed: /)
    expect(result.stderr).toContain(`network: ${other} was refused: it is not in the list of hosts`)
    const curl = ['curl', '--silent', '--proxytunnel', `https://${other}/`]
    const tunnelled = await run(curl, { network: ['127.0.0.1:1'] })
    expect(tunnelled.ok).toBe(false)
    expect(tunnelled.stderr).toContain(`${other} was refused`)
    expect(heard).toBe(0)
  })

  it('cannot be led to another host by a redirect', async () => {
    let heard = 0
    const hidden = await serve((_, response) => response.end(String(++heard)))
    const listed = await serve((_, response) => response.writeHead(302, { location: `http://${hidden}/` }).end())
    const result = await run(fetching(`http://${listed}/`), { network: [listed] })
    expect(result.stdout).toMatch(/^403 |^failed: /)
    expect(result.stderr).toContain(`${hidden} was refused`)
    expect(heard).toBe(0)
  })

  it('has no other way out: no address of the host, no name service, no interface', async () => {
    const host = await serve((_, response) => response.end('reached'))
    const script = `
      const net = require('node:net'), dns = require('node:dns'), os = require('node:os')
      net.connect(${host.split(':')[1]}, '127.0.0.1').on('error', (e) => console.log(e.code)).on('connect', () => console.log('reached'))
      dns.lookup('example.com', (e) => console.log(e.code === undefined ? 'resolved' : 'unresolved'))
      console.log(Object.keys(os.networkInterfaces()).join())`
    const { stdout } = await run(['node', '-e', script], { network: [host] })
    expect(new Set(stdout.trim().split('\n'))).toEqual(new Set(['lo', 'ECONNREFUSED', 'unresolved']))
  })

  it('ends as it would without one, and the limits hold for it', async () => {
    const network = ['api.example.com']
    expect(await run(['sh', '-c', 'cat; exit 3'], { network, stdin: 'in' })).toMatchObject({ code: 3, stdout: 'in' })
    expect((await run(['sh', '-c', 'kill -KILL $$'], { network })).reason).toContain('exit status 137')
    const large = ['sh', '-c', 'head -c 2000000 /dev/zero > large']
    expect((await run(large, { network, limits: { fileSize: 1_000_000 } })).reason).toContain('larger file')
    expect((await run(['no-such-command'], { network })).stderr).toContain('no-such-command')
  })

  it('leaves neither process, nor connection, nor socket behind', async () => {
    const ended = Promise.withResolvers<void>()
    const host = await serve((request, response) => {
      request.socket.on('close', () => ended.resolve())
      response.write('never ending')
    })
    const before = await readdir(tmpdir())
    const token = randomUUID()
    const script = `fetch('http://${host}/').then(async (a) => { for await (const _ of a.body); }) // ${token}`
    const result = await run(['node', '-e', script], { network: [host], timeoutMs: 1_500 })
    expect(result.reason).toContain('took longer than 1.5 s')
    await ended.promise
    const left = (await readdir(tmpdir())).filter((name) => !before.includes(name) && name.startsWith('pawl-network-'))
    expect(left.filter((name) => existsSync(join(tmpdir(), name, 'proxy')))).toEqual([])
  })
})

describe('a key that is lent', () => {
  const value = 'sk-the-real-key'
  const script = (url: string) => [
    'node',
    '-e',
    `const headers = { authorization: 'Bearer ' + process.env.API_KEY, 'x-other': 'as it is' }
    fetch(${JSON.stringify(url)}, { headers }).then(async (a) => console.log(await a.text(), process.env.API_KEY))
      .catch((e) => console.log('failed:', e.cause?.message ?? e.message))`,
  ]
  const echo: RequestListener = (request, response) => response.end(JSON.stringify(request.headers))

  it('reaches its server and stays out of the sandbox', async () => {
    const host = await serve(echo)
    const keys = [{ name: 'API_KEY', value, origin: `http://${host}` }]
    const { stdout } = await run(script(`http://${host}/`), { network: [host], keys })
    const [headers = '', seen = ''] = stdout.trim().split(/ (?=pawl-)/)
    expect(JSON.parse(headers)).toMatchObject({ authorization: `Bearer ${value}`, 'x-other': 'as it is', host })
    expect(seen).toMatch(/^pawl-[0-9a-f]{32}$/)
    const around = await run(
      ['sh', '-c', 'env; cat /proc/*/environ /proc/*/cmdline; cat /opt/pawl/network/* /repo/*'],
      {
        network: [host],
        keys,
      },
    )
    expect(around.stdout).toContain('API_KEY=pawl-')
    expect(around.stdout + around.stderr).not.toContain(value)
  })

  it('is not given to another listed host', async () => {
    const [own, other] = [await serve(echo), await serve(echo)]
    const keys = [{ name: 'API_KEY', value, origin: `http://${own}` }]
    const { stdout } = await run(script(`http://${other}/`), { network: [own, other], keys })
    expect(stdout).toContain('Bearer pawl-')
    expect(stdout).not.toContain(value)
    const curl = ['sh', '-c', `curl --silent -H "x-api-key: $API_KEY" http://${other}/`]
    const plain = await run(curl, { network: [own, other], keys })
    expect(plain.stdout).toContain('"x-api-key":"pawl-')
    expect(plain.stdout).not.toContain(value)
  })

  describe('for a server with TLS', () => {
    const authority = createAuthority()
    const usual = getCACertificates('default')
    beforeAll(() => setDefaultCACertificates([...usual, authority.cert]))
    afterAll(() => setDefaultCACertificates(usual))

    it('is put in outside of the sandbox, whatever program asks', async () => {
      const host = await listening(createTlsServer(authority.issue('127.0.0.1'), echo))
      const options = { network: [host], keys: [{ name: 'API_KEY', value, origin: `https://${host}` }] }
      expect((await run(script(`https://${host}/`), options)).stdout).toContain(`Bearer ${value}`)
      const curl = ['sh', '-c', `curl --silent --show-error -H "x-api-key: $API_KEY" https://${host}/`]
      expect(await run(curl, options)).toMatchObject({ ok: true, stdout: expect.stringContaining(value) })
    })

    it('is not sent to a server that cannot prove who it is', async () => {
      let heard = 0
      const pretender = createTlsServer(createAuthority().issue('127.0.0.1'), (_, response) => {
        heard++
        response.end()
      })
      const host = await listening(pretender)
      const options = { network: [host], keys: [{ name: 'API_KEY', value, origin: `https://${host}` }] }
      expect((await run(script(`https://${host}/`), options)).stdout).toContain('cannot be reached')
      expect(heard).toBe(0)
    })
  })
})

describe('the list', () => {
  const allowed = async (list: string[], host: string, port = 443) => (await hostJudge(list)({ host, port })).ok

  it('means a host on the usual ports, or on the port it names', async () => {
    expect(await allowed(['127.0.0.1'], '127.0.0.1', 443)).toBe(true)
    expect(await allowed(['127.0.0.1'], '127.0.0.1', 80)).toBe(true)
    expect(await allowed(['127.0.0.1'], '127.0.0.1', 22)).toBe(false)
    expect(await allowed(['127.0.0.1:22'], '127.0.0.1', 22)).toBe(true)
    expect(await allowed(['127.0.0.1:22'], '127.0.0.1', 443)).toBe(false)
  })

  it('does not take other spellings of an address, nor the end of one, for what is listed', async () => {
    for (const host of ['2130706433', '0x7f000001', '127.1', '0', '127.0.0.2', '::1', '::ffff:127.0.0.1']) {
      expect([host, await allowed(['127.0.0.1', 'example.com'], host)]).toEqual([host, false])
    }
    expect(await allowed(['*.0.0.1'], '127.0.0.1')).toBe(false)
  })

  it('refuses a name that leads to this machine or into a private network, unless the address is listed too', async () => {
    // RFC 6761 names below localhost lead to the loopback wherever they resolve at all.
    const judge = hostJudge(['*.localhost'])
    const answer = await judge({ host: 'a.localhost', port: 443 })
    expect(answer).toMatchObject({ ok: false, why: expect.stringMatching(/private address|no address/) })
    expect(await allowed(['localhost'], 'LOCALHOST.')).toBe(true)
    expect(await allowed(['example.com'], 'example.com.evil.test')).toBe(false)
    expect(await allowed(['*.example.com'], 'evilexample.com')).toBe(false)
    expect(await allowed(['*.example.com'], 'example.com')).toBe(false)
  })
})

it('does not open the proxy to other accounts of the host', async () => {
  const network = await openNetwork(['api.example.com'], [])
  const dir = network.jail[1] ?? ''
  expect((await stat(dir)).mode & 0o077).toBe(0)
  await network.close()
  const socket = connect(join(dir, 'proxy'))
  await expect(new Promise((resolve, reject) => socket.on('connect', resolve).on('error', reject))).rejects.toThrow(
    'ENOENT',
  )
})
