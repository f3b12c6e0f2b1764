import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { findNamed } from '../../src/deploy/process/identity.ts'
import { rulesOf } from '../support/stopped.ts'
import { change, place, startWorld, type World } from '../support/world.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(async () => {
  // Services outlive the app on purpose.
  for (const home of await homes()) {
    for (const name of [`pawl-front ${home}`, `pawl-slot ${home}/a`, `pawl-slot ${home}/b`]) {
      const found = findNamed(name)
      if (found) process.kill(-found.pid, 'SIGKILL')
    }
  }
  await world.close()
})

async function homes(): Promise<string[]> {
  const root = join(world.dir, 'app', 'services')
  return (await readdir(root).catch(() => [])).map((name) => join(root, name))
}

const slotsRunning = async () =>
  (await homes()).flatMap((home) => ['a', 'b'].filter((slot) => findNamed(`pawl-slot ${home}/${slot}`) !== null))

/** Serves its price. FALLS ends before it listens; SICK is well at first and then no more. */
const SERVER = `import { createServer } from 'node:http'
import { readFileSync } from 'node:fs'
const text = readFileSync('src/price.js', 'utf8')
if (text.includes('FALLS')) throw new Error('no table of prices')
let asked = 0
createServer((request, response) => {
  const sick = request.url === '/health' && text.includes('SICK') && ++asked > 2
  response.writeHead(sick ? 503 : 200).end(text)
}).listen(Number(process.env.PORT), '127.0.0.1')
`

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** A shop that Pawl itself runs on this host. */
async function served() {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const config = `deploy:
  via: process
  process: { run: [node, server.mjs], port: ${port}, ready: 20s, stop: 5s }
health:
  probes: [{ name: shop, url: '${url}/health', within: 2s, interval: 2s }]
  soak: 2s
  failures: 1
  margin: 1000%
preflight: { checks: false }
validation: { round1: { checks: [] }, round2: { checks: [] } }
`
  const shop = await place(world, { config, files: { 'server.mjs': SERVER, '.github/workflows/ci.yml': null } })
  const price = async (to: string, from: string) => {
    const issue = await shop.approved(change(`export const price = ${from}`, `export const price = ${to}`))
    return { issue, done: await shop.over(issue) }
  }
  const says = async () => (await fetch(url)).text()
  return { shop, url, price, says }
}

describe('OUT-1 OUT-2 a process on this host with two slots', () => {
  test('starts the new version, checks it, turns over to it and stops the old one; on the way back likewise', async () => {
    const { shop, price, says } = await served()
    expect((await price('2', '1')).done.outcome).toBe('succeeded')
    expect(await says()).toBe('export const price = 2\n')
    const first = await slotsRunning()
    expect(first).toHaveLength(1)
    expect((await price('3', '2')).done.outcome).toBe('succeeded')
    expect(await says()).toBe('export const price = 3\n')
    const second = await slotsRunning()
    expect(second).toHaveLength(1)
    expect(second).not.toEqual(first)

    const good = (await shop.head()).commit
    const { issue, done } = await price('4 // SICK', '3')
    expect(done.outcome).toBe('rolled-back')
    expect(await rulesOf(shop, issue)).toEqual(['not-healthy'])
    expect(await says()).toBe('export const price = 3\n')
    expect(await slotsRunning()).toEqual(second)
    const [certificate] = await world.app.audit.list({ codename: done.codename, kinds: ['certificate'] })
    expect(certificate?.data).toMatchObject({
      restoration: 'exact',
      deployed: { sha: good, state: 'success' },
      probes: [{ probe: 'shop', healthy: true }],
    })
  })

  test('a version that does not come up never takes the place of the old one, which answers all the while', async () => {
    const { shop, url, price, says } = await served()
    expect((await price('2', '1')).done.outcome).toBe('succeeded')
    const answers = new Map<number | string, number>()
    let over = false
    const asking = (async () => {
      while (!over) {
        const status = await fetch(url).then(
          (answer) => answer.status,
          (error: Error) => error.message,
        )
        answers.set(status, (answers.get(status) ?? 0) + 1)
        await sleep(20)
      }
    })()
    const { issue, done } = await price('3 // FALLS', '2')
    over = true
    await asking
    expect(done.outcome).toBe('rolled-back')
    expect(await rulesOf(shop, issue)).toEqual(['deployment-failed'])
    expect(await shop.told(issue, { kind: 'failure-report' })).toContain('no table of prices')
    expect([...answers.keys()]).toEqual([200])
    expect(await says()).toBe('export const price = 2\n')
  })

  test('where nothing ran before, nothing runs after the first one was taken back', async () => {
    const { shop, url, price } = await served()
    const running = (await slotsRunning()).length
    const { done } = await price('2 // SICK', '1')
    expect(done.outcome).toBe('rolled-back')
    await expect(fetch(url)).rejects.toThrow('fetch failed')
    expect(await slotsRunning()).toHaveLength(running)
    const [certificate] = await world.app.audit.list({ codename: done.codename, kinds: ['certificate'] })
    expect(certificate?.data).toMatchObject({ restoration: 'exact', deployed: null })
    expect(await shop.refs('pawl/')).toEqual([])
  })
})
