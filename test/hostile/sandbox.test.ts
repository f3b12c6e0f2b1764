import { randomUUID } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { place, startWorld, type Place, type World } from '../support/world.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const SECRET = `canary-${randomUUID()}`
const TOKEN = randomUUID()

const CONFIG = (listed: string) => `deploy: { via: none }
preflight: { checks: false }
health: { soak: 1ms }
agents:
  - { use: recipe, name: probe, run: [node, tools/probe.mjs] }
  - { use: recipe, name: networked, run: [node, tools/networked.mjs], network: ["${listed}"] }
  - { use: recipe, name: install, run: [npm, install, --no-audit, --no-fund, --offline] }
`

/** What npm runs by itself when a package is installed. */
const PACKAGE = {
  name: 'shop',
  version: '1.0.0',
  scripts: { postinstall: 'node tools/postinstall.mjs' },
}
const POSTINSTALL = `import { existsSync, writeFileSync } from 'node:fs'
const names = Object.keys(process.env).filter((name) => /TOKEN|SECRET|CANARY|DATABASE|PRIVATE/i.test(name))
const reached = await fetch('http://registry.npmjs.org/').then(() => true, () => false)
writeFileSync('src/installed.json', JSON.stringify({ names, reached, home: existsSync(process.env.HOME + '/.npmrc') }) + '\\n')
`

let world: World
let shop: Place
let report: Record<string, unknown>
let network: Record<string, unknown>
let outcome: string | null
const heard: string[] = []
const servers: { close(): unknown }[] = []

async function listening(server: Server, where: { port: number; host: string } | { path: string }): Promise<number> {
  await new Promise<void>((resolve) => server.listen(where, resolve))
  servers.push(server)
  const address = server.address()
  return address !== null && typeof address === 'object' ? (address as AddressInfo).port : 0
}

/** A listener of the host that must hear nothing. */
const trap = (where: { port: number; host: string } | { path: string }) =>
  listening(
    createServer((socket) => {
      heard.push(JSON.stringify(where))
      socket.destroy()
    }),
    where,
  )

/** One update of a repository whose recipes try everything; each test looks at one part of what they wrote down. */
beforeAll(async () => {
  process.env['PAWL_HOSTILE_CANARY'] = SECRET
  world = await startWorld()
  const canary = join(world.dir, 'canary')
  const socket = join(world.dir, 'socket')
  const abstract = `pawl-hostile-${TOKEN}`
  await writeFile(canary, SECRET)
  await Promise.all([trap({ path: socket }), trap({ path: `\0${abstract}` })])
  const closed = await trap({ port: 0, host: '127.0.0.1' })
  const hidden = `127.0.0.1:${closed}`
  const open = createHttpServer((request, response) => {
    if (request.url === '/redirect') response.writeHead(302, { location: `http://${hidden}/plain` }).end()
    else response.end('here')
  })
  const listed = `127.0.0.1:${await listening(open, { port: 0, host: '127.0.0.1' })}`
  const ports = [Number(new URL(world.app.url).port), world.github.port, closed]
  const about = { data: world.dir, canary, socket, abstract, ports, secret: SECRET, token: TOKEN, listed, hidden }
  const read = (name: string) => readFile(new URL(name, import.meta.url), 'utf8')
  shop = await place(world, {
    config: CONFIG(listed),
    files: {
      '.github/workflows/ci.yml': null,
      'tools/probe.mjs': await read('probe.mjs'),
      'tools/networked.mjs': await read('networked.mjs'),
      'tools/postinstall.mjs': POSTINSTALL,
      'tools/target.json': JSON.stringify({ ...about, pid: process.pid, program: process.execPath }),
      'package.json': JSON.stringify(PACKAGE),
      '.gitignore': 'package-lock.json\nnode_modules\n',
    },
  })
  const issue = await shop.approved('Recipe: probe\n\nRecipe: networked\n\nRecipe: install\n')
  outcome = (await shop.over(issue)).outcome
  report = JSON.parse(await shop.text('src/report.json')) as Record<string, unknown>
  network = JSON.parse(await shop.text('src/network.json')) as Record<string, unknown>
})
afterAll(async () => {
  for (const server of servers) server.close()
  await world.close()
})

test('the whole story ends well: nothing that the recipes tried came in the way of their planned change', async () => {
  expect(outcome).toBe('succeeded')
  const { data } = await shop.as('ann').repos.getCommit({ ...shop.at, ref: 'main' })
  const planned = ['src/installed.json', 'src/network.json', 'src/report.json']
  expect(data.files?.map(({ filename }) => filename).toSorted()).toEqual(planned)
})

describe('a recipe of a hostile repository', () => {
  test('reading the environments of all processes finds the sandbox’s own variables only', () => {
    expect(report['variables']).toEqual(['HOME', 'LANG', 'NO_UPDATE_NOTIFIER', 'PATH', 'PWD'])
    expect(report['canaryInEnvironment']).toBe(false)
  })

  test('reading command lines finds no path of the host', () => {
    expect(report['commandLines']).toBe(false)
  })

  test('reading files of the host, of other accounts, of the app and of the kernel fails', () => {
    expect(report['hostFiles']).toEqual([])
  })

  test('reading around the root, through /proc and .., fails', () => {
    expect(report['aroundTheRoot']).toEqual([])
  })

  test('reading through a symbolic link that it makes itself fails', () => {
    expect(report['throughLinks']).toEqual([])
  })

  test('hard links to files of the system fail', () => {
    expect(report['hardLinks']).toEqual([])
  })

  test('writing anywhere but in the workspace and its own /tmp fails', async () => {
    expect(report['writes']).toEqual([])
    expect(await readFile(join(world.dir, 'canary'), 'utf8')).toBe(SECRET)
  })

  test('settings of the kernel cannot be written, even where the host runs Pawl as root', () => {
    expect(report['kernel']).toEqual([])
  })

  test('processes of the host are neither seen nor signalled', () => {
    expect(report['otherProcesses']).toBe(0)
    expect(report['killed']).toEqual([])
  })

  test('there are no capabilities, and no program gives any', () => {
    expect(report['privileges']).toBe('0000000000000000 1')
    expect(report['commands']).toEqual([])
  })

  test('the loopback of the host, with the app, GitHub and the database behind it, is not there', () => {
    expect(report['loopback']).toEqual(['ECONNREFUSED', 'ECONNREFUSED', 'ECONNREFUSED'])
    expect(heard).toEqual([])
  })

  test('sockets of the host by a name without a file are not there', () => {
    expect(report['abstractSocket']).toBe('ECONNREFUSED')
  })

  test('the metadata address of a cloud is not there', () => {
    expect(report['metadata']).toBe('ENETUNREACH')
  })

  test('the internet is not there: no connection, no datagram, no name, no interface', () => {
    const { internet, datagram, names, interfaces } = report
    expect([internet, datagram, names, interfaces]).toEqual(['ENETUNREACH', 'ENETUNREACH', 'unresolved', []])
  })

  test('opening files without end ends at the limit of open files', () => {
    expect(report['openFiles']).toBe('EMFILE')
  })

  test('a grandchild that was detached to write later is gone with the recipe', async () => {
    const lines = await Promise.all(
      (await readdir('/proc'))
        .filter((name) => /^\d+$/.test(name))
        .map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
    )
    expect(lines.filter((line) => line.includes(TOKEN))).toEqual([])
    await expect(shop.text('src/late')).rejects.toMatchObject({ status: 404 })
  })

  test('scripts that a package runs when it is installed run in the sandbox like everything else', async () => {
    expect(JSON.parse(await shop.text('src/installed.json'))).toEqual({ names: [], reached: false, home: false })
  })
})

describe('a recipe that may reach one host', () => {
  test('reaches that host and no other, neither by name nor by address', () => {
    expect(network['listed']).toBe('200 here')
    expect(network['other']).not.toContain('200')
    expect(network['metadata']).not.toContain('200')
    expect(heard).toEqual([])
  })

  test('is not led elsewhere by a redirect of that host', () => {
    expect(network['redirected']).not.toContain('200')
    expect(heard).toEqual([])
  })

  test('opens no tunnel by CONNECT to another host, whatever way it spells the address', () => {
    expect(network['tunnels']).toEqual(Array.from({ length: 8 }, () => 'HTTP/1.1 403 Forbidden'))
  })

  test('cannot tell the proxy one host and mean another', () => {
    expect(network['forgedHost']).toBe('HTTP/1.1 403 Forbidden')
    // The address decides, and the listed host answers.
    expect(network['smuggled']).toBe('HTTP/1.1 200 OK')
    expect(heard).toEqual([])
  })
})
