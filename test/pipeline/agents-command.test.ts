import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { NO_DEPLOYMENT, place, startWorld, type World } from '../support/world.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const KEY = 'sk-robot-key'

/** A server of the outside: it answers with what it was sent, and remembers who asked. */
async function outside() {
  const heard: { authorization: string; body: string }[] = []
  const server: Server = createServer((request, response) => {
    void text(request).then((body) => {
      heard.push({ authorization: request.headers.authorization ?? '', body })
      response.end('3')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, heard, host: `127.0.0.1:${(server.address() as AddressInfo).port}` }
}

let world: World
let listed: Awaited<ReturnType<typeof outside>>
let hidden: Awaited<ReturnType<typeof outside>>
beforeAll(async () => {
  listed = await outside()
  hidden = await outside()
  const keys = [{ name: 'ROBOT_KEY', origin: `http://${listed.host}`, value: KEY }]
  world = await startWorld({ agents: { keys, servers: {} } })
})
afterAll(async () => {
  await world.close()
  for (const { server } of [listed, hidden]) server.close().closeAllConnections()
})

/** A coding agent as they come: reads the task, asks its server, edits files; what failed before it does better. */
const ROBOT = `import { readFileSync, writeFileSync } from 'node:fs'
const task = readFileSync(0, 'utf8')
const again = task.includes('check-failed')
const body = JSON.stringify({ again, saw: task.includes('Raise the price to 3'), env: Object.keys(process.env) })
const headers = { authorization: 'Bearer ' + process.env.ROBOT_KEY }
const answer = await fetch('http://HOST/think', { method: 'POST', headers, body })
const price = await answer.text()
const before = readFileSync('src/price.js', 'utf8')
writeFileSync('src/price.js', 'export const price = ' + price + (again ? '' : ' // BROKEN') + '\\n')
console.log('I know ' + process.env.ROBOT_KEY + ' and found ' + before.trim())
`

/** Takes a number from a listed server, and tries one that is not. */
const FETCH = `import { writeFileSync } from 'node:fs'
const got = await (await fetch('http://LISTED/')).text()
const other = await fetch('http://HIDDEN/').then(({ status }) => status, () => 'nothing')
writeFileSync('src/price.js', 'export const price = ' + got + ' // ' + other + '\\n')
`

describe.concurrent('agents that run a command', () => {
  test('GATE1-5 a command reads its task, uses a key that it never has, and corrects what round 1 found', async () => {
    const config = `${NO_DEPLOYMENT}agents:
  - { use: command, name: robot, run: [node, tools/robot.mjs], network: ["${listed.host}"], env: [ROBOT_KEY] }
`
    const files = { 'tools/robot.mjs': ROBOT.replace('HOST', listed.host) }
    const shop = await place(world, { config, files })
    await shop.settle()
    const issue = await shop.approved('Raise the price to 3 in `src/price.js`.', { title: 'Raise it' })
    const done = await shop.over(issue)
    expect(done.outcome).toBe('succeeded')
    expect(await shop.text('src/price.js')).toBe('export const price = 3\n')
    expect((await shop.record(issue)).fixed).toHaveLength(1)

    const asked = listed.heard.filter(({ body }) => body !== '')
    expect(asked.map(({ authorization }) => authorization)).toEqual([`Bearer ${KEY}`, `Bearer ${KEY}`])
    expect(asked.map(({ body }) => JSON.parse(body) as { again: boolean; saw: boolean; env: string[] })).toMatchObject([
      { again: false, saw: true },
      { again: true, saw: true },
    ])
    expect(asked[0]?.body).not.toMatch(/PRIVATE_KEY|WEBHOOK_SECRET|DATABASE_URL|GITHUB_TOKEN/)
    const told = JSON.stringify(await shop.comments(issue))
    expect(told).toMatch(/I know pawl-[0-9a-f]{32} and found export const price = 1/)
    const events = await world.app.audit.list({ codename: done.codename })
    expect(told + JSON.stringify(events)).not.toContain(KEY)
  })

  test('EXEC-1 a recipe reaches the hosts of its list, and no other', async () => {
    const config = `${NO_DEPLOYMENT}agents:
  - { use: recipe, name: fetch, run: [node, tools/fetch.mjs], network: ["${listed.host}"] }
`
    const script = FETCH.replace('LISTED', listed.host).replace('HIDDEN', hidden.host)
    const shop = await place(world, { config, files: { 'tools/fetch.mjs': script } })
    await shop.settle()
    const issue = await shop.approved('Recipe: fetch\n')
    const { plan } = await shop.record(issue)
    expect(plan?.tasks).toMatchObject([{ exact: true, changes: [{ path: 'src/price.js', kind: 'modify' }] }])
    expect((await shop.over(issue)).outcome).toBe('succeeded')
    expect(await shop.text('src/price.js')).toMatch(/^export const price = 3 \/\/ (403|nothing)\n$/)
    expect(hidden.heard).toEqual([])
  })
})
