import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'

const root = fileURLToPath(new URL('../../', import.meta.url))
const planted = mkdtempSync(join(tmpdir(), 'pawl-floors-'))

const EFFECTS = ['agents', 'audit', 'deploy', 'git', 'github', 'graph', 'health', 'sandbox', 'validators']
const PURE = ['messages', 'planning', 'policy']
const BASE = ['config', 'model']
/** From the top. A floor may import what is below it; the commands, which start the app, also import `main`. */
const FLOORS = [
  ['cli', 'commands', 'main'],
  ['web', 'webhooks'],
  ['pipeline', 'stages'],
  [...EFFECTS, ...PURE, 'database', 'engine'],
  BASE,
]
const ROOMS = FLOORS.flat()
const CLIENTS = ['@dbos-inc/dbos-sdk', '@octokit/rest', 'pg', 'probot', 'simple-git', 'smee-client']

const Report = z.object({
  diagnostics: z.array(
    z.object({
      code: z.string(),
      filename: z.string(),
      labels: z.array(z.object({ span: z.object({ line: z.int() }) })),
    }),
  ),
})

/** `room > what` for each import that the linter refused; for each folder below the room a slash is added to its name. */
const refused = new Set<string>()

beforeAll(async () => {
  cpSync(join(root, 'oxlint.config.ts'), join(planted, 'oxlint.config.ts'))
  symlinkSync(join(root, 'node_modules'), join(planted, 'node_modules'))
  const imports = new Map<string, string[]>()
  for (const room of [...ROOMS, 'local-github']) {
    for (const [file, up, name] of [
      [`src/${room}.ts`, './', room],
      [`src/${room}/planted.ts`, '../', room],
      [`src/${room}/below/planted.ts`, '../../', `${room}/`],
      [`src/${room}/below/further/planted.ts`, '../../../', `${room}//`],
    ] as const) {
      if (up === './' && !existsSync(join(root, file))) continue
      const others = [...ROOMS, 'local-github'].filter((other) => other !== room)
      const targets = [
        ...others.map((other) => [
          other,
          `${up}${other}${existsSync(join(root, `src/${other}.ts`)) ? '' : '/some'}.ts`,
        ]),
        ...[...CLIENTS, 'node:fs', 'zod'].map((name_) => [name_, name_]),
      ] as [string, string][]
      mkdirSync(dirname(join(planted, file)), { recursive: true })
      writeFileSync(join(planted, file), targets.map(([, from], at) => `export * as it${at} from '${from}'\n`).join(''))
      imports.set(
        file,
        targets.map(([target]) => `${name} > ${target}`),
      )
    }
  }
  const oxlint = join(root, 'node_modules/oxlint/bin/oxlint')
  const { stdout } = await promisify(execFile)(process.execPath, [oxlint, '--format=json', 'src'], {
    cwd: planted,
    maxBuffer: 1 << 26,
  }).catch((error: { stdout: string }) => error)
  for (const { code, filename, labels } of Report.parse(JSON.parse(stdout)).diagnostics) {
    const line = labels[0]?.span.line ?? 0
    if (code === 'eslint(no-restricted-imports)') refused.add(imports.get(filename)?.[line - 1] ?? '')
  }
})
afterAll(() => rmSync(planted, { recursive: true, force: true }))

const DEPTHS = ['', '/', '//']
const isRefused = (room: string, what: string) => DEPTHS.every((depth) => refused.has(`${room}${depth} > ${what}`))
const isFree = (room: string, what: string) => !DEPTHS.some((depth) => refused.has(`${room}${depth} > ${what}`))
/** The pairs that the linter does not treat as said. */
const wrong = (rooms: string[], whats: string[], right: (room: string, what: string) => boolean) =>
  rooms.flatMap((room) =>
    whats.filter((what) => what !== room && !right(room, what)).map((what) => `${room} > ${what}`),
  )

test('every room of the source has a floor', () => {
  const rooms = readdirSync(join(root, 'src')).map((name) => name.replace(/\.[jt]s$/, ''))
  // `pawl.js` starts the command and is no room.
  expect(new Set(rooms)).toEqual(new Set([...ROOMS, 'local-github', 'pawl']))
})

test('no folder lies deeper than the linter looks', () => {
  const deep = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  expect(deep.filter((path) => path.endsWith('.ts') && path.split('/').length > 4)).toEqual([])
})

test('an import up the floors is refused', () => {
  const up = FLOORS.flatMap((floor, at) => wrong(floor, FLOORS.slice(0, at).flat(), isRefused))
  expect(up).toEqual([])
})

test('effect rooms import neither each other nor the judges, except for the doors to the sandbox', () => {
  const doors = ['agents', 'deploy', 'validators']
  expect(wrong(EFFECTS, [...EFFECTS, ...PURE], isRefused)).toEqual(doors.map((door) => `${door} > sandbox`))
})

test('pure rooms import no effect, no client and nothing of Node', () => {
  expect(wrong([...PURE, ...BASE], [...EFFECTS, ...CLIENTS, 'node:fs'], isRefused)).toEqual([])
})

test('only the pipeline and main import the engine', () => {
  expect(wrong(ROOMS, ['engine'], isRefused)).toEqual(['main > engine', 'pipeline > engine'])
})

test('the embedded GitHub imports nothing of ours, and only the commands import it', () => {
  expect(wrong(['local-github'], ROOMS, isRefused)).toEqual([])
  expect(wrong(ROOMS, ['local-github'], isRefused)).toEqual(['commands > local-github'])
})

test('each client has its own room', () => {
  const usersOf = (client: string) => ROOMS.filter((room) => isFree(room, client) && !EXCEPT.has(room))
  // What starts and wires the app, and the commands that act as people would.
  const EXCEPT = new Set(['main', 'commands'])
  expect(usersOf('@octokit/rest')).toEqual(['github'])
  expect(usersOf('simple-git')).toEqual(['git'])
  expect(usersOf('@dbos-inc/dbos-sdk')).toEqual(['engine'])
  expect(usersOf('pg')).toEqual(['audit', 'database', 'engine'])
  expect(usersOf('probot')).toEqual(['webhooks'])
  expect(usersOf('smee-client')).toEqual([])
})

test('what a room needs is free: the floors below it, and Node for those that act', () => {
  expect(wrong(['stages'], [...EFFECTS, ...PURE, ...BASE], isFree)).toEqual([])
  expect(
    wrong(
      ROOMS.filter((room) => !['cli', 'engine', ...BASE].includes(room)),
      ['model'],
      isFree,
    ),
  ).toEqual([])
  expect(wrong(EFFECTS, ['node:fs', 'zod'], isFree)).toEqual([])
})
