import { randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { rulesOf } from '../support/stopped.ts'
import { place, startWorld, type Place, type World } from '../support/world.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const TOKEN = randomUUID()
const MB = 1024 ** 2

/**
 * Small limits, and a fork bomb that takes a breath: the bombs are real, and this machine has others to serve. To root the
 * kernel gives thousands of processes before the watch has looked once.
 */
const sandbox = { total: 300 * MB, disk: 1_500 * MB, processes: 60 }

const BOMBS = {
  'fork-bomb': ['30s', 'bomb() { sleep 0.05; bomb | bomb & }; bomb; sleep 20'],
  'many-children': ['30s', 'for each in $(seq 500); do sleep 20 & done; wait'],
  'memory-bomb': ['30s', `node -e 'const all = []; setInterval(() => all.push(Buffer.alloc(20e6, 1)), 10)'`],
  'memory-together': ['30s', 'for each in 1 2 3 4 5 6; do node tools/greedy.mjs & done; wait'],
  'cpu-hog': ['1s', 'while :; do :; done'],
  'never-ending': ['1s', 'sleep 1000'],
  'endless-output': ['1s', 'yes "all work and no play"'],
  'giant-output': ['30s', 'head -c 50000000 /dev/zero | tr "\\\\0" x; echo the end; exit 3'],
  'disk-filler': ['30s', 'for each in 1 2 3; do fallocate -l 900M file-$each || exit 9; done; sleep 20'],
  'giant-file': ['30s', 'truncate -s 2G src/giant'],
  'large-change': ['30s', 'for each in $(seq 30); do truncate -s 4M src/large-$each; done'],
  'many-files': ['60s', 'mkdir src/many; cd src/many; seq 20001 | xargs touch'],
  'ignores-signals': ['1s', 'trap "" TERM INT HUP; while :; do sleep 100; done'],
} as const
type Bomb = keyof typeof BOMBS

const CONFIG = `deploy: { via: none }
preflight: { checks: false }
agents:
${Object.entries(BOMBS)
  .map(([name, [timeout]]) => `  - { use: recipe, name: ${name}, timeout: ${timeout}, run: [sh, tools/${name}.sh] }`)
  .join('\n')}
`

let world: World
let shop: Place
let before: { commit: string; tree: string }
beforeAll(async () => {
  world = await startWorld({ sandbox })
  const scripts = Object.entries(BOMBS).map(([name, [, script]]) => [`tools/${name}.sh`, `: ${TOKEN}\n${script}\n`])
  const greedy = 'globalThis.all = Buffer.alloc(80e6, 1); setTimeout(() => {}, 20e3)\n'
  shop = await place(world, {
    config: CONFIG,
    files: { ...Object.fromEntries(scripts), 'tools/greedy.mjs': greedy, '.github/workflows/ci.yml': null },
  })
  before = await shop.head()
})
afterAll(() => world.close())

/** What people are told of a recipe that goes off when it is tried out for the plan. */
async function told(bomb: Bomb, rule = 'recipe-failed'): Promise<string> {
  const issue = await shop.ask(`Recipe: ${bomb}\n`, { title: `Run ${bomb}` })
  expect((await shop.over(issue)).outcome).toBe('needs-info')
  expect(await rulesOf(shop, issue)).toEqual([rule])
  return shop.told(issue, { kind: 'questions' })
}

describe('a recipe of a hostile repository', () => {
  // To root the kernel gives every process that it asks for, to others none beyond the limit.
  const stoppedBy = (limit: RegExp) => (process.getuid?.() === 0 ? limit : /recipe/)

  test('a fork bomb ends at the limit of processes', async () => {
    expect(await told('fork-bomb')).toMatch(stoppedBy(/ran more than the 60 processes that the sandbox allows/))
  })

  test('children without end end at the limit of processes', async () => {
    expect(await told('many-children')).toMatch(stoppedBy(/ran more than the 60 processes that the sandbox allows/))
  })

  test('a memory bomb ends at the limit of memory', async () => {
    expect(await told('memory-bomb')).toMatch(/used more than the 300 MB of memory that the sandbox allows/)
  })

  test('processes that each use little memory are counted together', async () => {
    expect(await told('memory-together')).toMatch(/used more than the 300 MB of memory that the sandbox allows/)
  })

  test('a loop that computes for ever ends with the time of the recipe', async () => {
    expect(await told('cpu-hog')).toMatch(/took longer than 1 s and was stopped/)
  })

  test('a command that never ends ends with the time of the recipe', async () => {
    expect(await told('never-ending')).toMatch(/took longer than 1 s and was stopped/)
  })

  test('a command that ignores signals is killed all the same', async () => {
    expect(await told('ignores-signals')).toMatch(/took longer than 1 s and was stopped/)
  })

  test('output without end ends with the time of the recipe, and its end is shown', async () => {
    const text = await told('endless-output')
    expect(text).toMatch(/took longer than 1 s and was stopped/)
    expect(text).toContain('all work and no play')
    expect(text.length).toBeLessThan(5_000)
  })

  test('giant output is kept at its two ends and shown at its last', async () => {
    const text = await told('giant-output')
    expect(text).toMatch(/ended with exit status 3/)
    expect(text.length).toBeLessThan(5_000)
  })

  test('files that fill the disk end at the limit of the disk', async () => {
    expect(await told('disk-filler')).toMatch(/filled more than the 1500 MB of disk that the sandbox allows/)
  })

  test('a file above the limit of a file cannot be written', async () => {
    expect(await told('giant-file')).toMatch(/wrote a larger file than the sandbox allows|File too large/)
  })

  test('a change of more than anybody could judge is refused before it is read', async () => {
    expect(await told('large-change', 'change-too-large')).toMatch(/files of 120 MB together, and at most 100 MB/)
  })

  test('a change of more files than anybody could judge is refused before it is read', async () => {
    expect(await told('many-files', 'change-too-large')).toMatch(/it changes 20001 files, and at most 20000/)
  })

  test('after all bombs the repository is as it was, no process is left, and the app works on', async () => {
    expect(await shop.head()).toEqual(before)
    expect(await shop.refs('heads/')).toEqual(['refs/heads/main'])
    const lines = await Promise.all(
      (await readdir('/proc')).map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
    )
    expect(lines.filter((line) => line.includes(TOKEN))).toEqual([])
    const issue = await shop.ask('Recipe: nothing-of-the-kind\n')
    expect((await shop.over(issue)).outcome).toBe('needs-info')
  })
})
