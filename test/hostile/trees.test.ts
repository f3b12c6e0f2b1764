import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Finding } from '../../src/model.ts'
import { place, startWorld, type Place, type World } from '../support/world.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

/** Makes every kind of path that must never get into a commit, and some that vanish by themselves. */
const FORGE = String.raw`
set -u
ln -s /etc/passwd src/absolute
ln -s ../../outside src/relative
ln -s .. src/up && ln -s up/../../outside src/around
ln -s ../.git/config src/into-git
ln -s 'C:\\Windows' src/drive
mkdir -p nested && (cd nested && git init -q && git -c user.name=x -c user.email=x@x config core.fsmonitor 'touch RAN' && echo x > file)
mkdir -p .git/hooks && printf '#!/bin/sh\ntouch RAN\n' > .git/hooks/post-checkout
mkdir -p 'git~1' && echo x > 'git~1/config'
mkdir -p '.GIT' && echo x > .GIT/config
mkdir -p 'deep/.git ' && echo x > 'deep/.git /config'
echo x > src/PRICE.js
mkdir SRC && echo x > SRC/other.js
mkfifo src/pipe
rm src/shop.js && mkfifo src/shop.js
chmod 4777 src/price.js
head -c 6000000 /dev/zero > src/large.bin
printf 'x' > "$(printf 'src/new\nline')"
printf 'x' > "$(printf 'src/\342\200\256sj.exe')"
printf 'x' > "$(printf 'src/\033[31mred')"
`

/** What git could be told by files of the tree: all of it may be planned, and none of it runs on this host. */
const TEMPT = String.raw`
printf '*.js filter=evil diff=evil merge=evil\n* working-tree-encoding=UTF-16\n' > .gitattributes
printf '[submodule "x"]\n\tpath = x\n\turl = ext::sh -c touch%%20RAN\n\tupdate = !touch RAN\n' > .gitmodules
printf '[filter "evil"]\n\tclean = touch RAN\n\tsmudge = touch RAN\n[diff "evil"]\n\ttextconv = touch RAN\n[core]\n\tfsmonitor = touch RAN\n\thooksPath = hooks\n[url "ext::sh -c touch RAN "]\n\tinsteadOf = http\n' > .gitconfig
mkdir hooks && printf '#!/bin/sh\ntouch RAN\n' | tee hooks/pre-commit hooks/post-checkout hooks/reference-transaction > hooks/pre-push && chmod +x hooks/*
cp .gitconfig "$HOME/.gitconfig"
mkfifo src/pipe
rm src/shop.js && mkfifo src/shop.js
`

const CONFIG = `deploy: { via: none }
preflight: { checks: false }
health: { soak: 1ms }
validation: { reviewers: [fidelity] }
agents:
  - { use: recipe, name: forge, run: [sh, tools/forge.sh] }
  - { use: recipe, name: tempt, run: [sh, tools/tempt.sh] }
`

let world: World
let shop: Place
let ran: string
let before: { commit: string; tree: string }
let findings: Finding[]
let comment: string
let outcome: string | null
beforeAll(async () => {
  world = await startWorld()
  ran = join(world.dir, 'ran')
  const script = (text: string) => text.replaceAll('RAN', ran)
  shop = await place(world, {
    config: CONFIG,
    files: { 'tools/forge.sh': script(FORGE), 'tools/tempt.sh': script(TEMPT), '.github/workflows/ci.yml': null },
  })
  before = await shop.head()
  const issue = await shop.ask('Recipe: forge\n')
  outcome = (await shop.over(issue)).outcome
  findings = (await shop.record(issue)).findings
  comment = await shop.told(issue, { kind: 'questions' })
})
afterAll(() => world.close())

const rulesAt = (path: string) => findings.filter((each) => each.path === path).map(({ rule }) => rule)

describe('GATE1-2 a recipe whose change is not made of plain files', () => {
  test('is refused with all reasons before people are asked, whatever reviewers are configured', async () => {
    expect(outcome).toBe('needs-info')
    expect(comment).toContain('leads out of the repository')
    expect(comment).toContain('whose content nobody has reviewed')
    expect(await shop.head()).toEqual(before)
    expect(await shop.refs('heads/')).toEqual(['refs/heads/main'])
  })

  test('a symbolic link with an absolute target is refused', () => {
    expect(rulesAt('src/absolute')).toEqual(['symlink-escape'])
    expect(rulesAt('src/drive')).toEqual(['symlink-escape'])
  })

  test('a symbolic link that climbs out of the repository is refused', () => {
    expect(rulesAt('src/relative')).toEqual(['symlink-escape'])
  })

  test('a symbolic link that goes around through another link is refused', () => {
    expect(rulesAt('src/around')).toEqual(['symlink-escape'])
  })

  test('a symbolic link into git’s own directory is refused', () => {
    expect(rulesAt('src/into-git')).toEqual(['symlink-escape'])
  })

  test('a repository inside of the repository is refused, and its configuration runs nothing on the host', () => {
    expect(rulesAt('nested/.git')).toContain('nested-repository')
    expect(existsSync(ran)).toBe(false)
  })

  test('a .git with hooks in the root is refused', () => {
    expect(rulesAt('.git')).toContain('nested-repository')
  })

  test('names that some system takes for .git are refused', () => {
    for (const path of ['.GIT/config', 'deep/.git /config', 'git~1/config']) {
      expect([path, rulesAt(path)]).toEqual([path, expect.arrayContaining(['git-metadata'])])
    }
  })

  test('names that are one on Windows and macOS with another are refused', () => {
    expect(rulesAt('src/PRICE.js')).toEqual(['case-collision'])
    expect(rulesAt('SRC/other.js')).toEqual(['case-collision'])
  })

  test('a mode that makes a file executable, or more, is refused', () => {
    expect(rulesAt('src/price.js')).toEqual(['mode-change'])
  })

  test('a file above the limit of the configuration is refused', () => {
    expect(rulesAt('src/large.bin')).toEqual(['file-too-large'])
  })

  test('names with line breaks, colours of a terminal or reversed text are refused, and shown harmlessly', () => {
    for (const path of ['src/new\nline', 'src/\u202esj.exe', 'src/\u001b[31mred']) {
      expect([path, rulesAt(path)]).toEqual([path, ['hidden-text']])
    }
    expect(comment).not.toContain('\u202e')
    expect(comment).not.toContain('\u001b')
    expect(comment).toContain('`src/⟨U+202E⟩sj.exe`')
  })
})

describe('a recipe that tempts git by files of the tree', () => {
  test('pipes and sockets are not part of a change, and hold nobody up', async () => {
    const issue = await shop.ask('Recipe: tempt\n')
    await shop.planned(issue)
    const { plan } = await shop.record(issue)
    const changes = plan?.tasks.flatMap((task) => task.changes.map(({ path, kind }) => [path, kind])) ?? []
    expect(changes).toContainEqual(['src/shop.js', 'remove'])
    expect(changes.map(([path]) => path)).not.toContain('src/pipe')
    await shop.say(issue, '/approve')
    await shop.say(issue, '/approve', 'bob')
    expect((await shop.over(issue)).outcome).toBe('succeeded')
  })

  test('no filter, text conversion, hook, monitor or rewritten address runs on the host', () => {
    expect(existsSync(ran)).toBe(false)
  })
})
