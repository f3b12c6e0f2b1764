import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { gitEnvironment } from '../../src/git/environment.ts'
import { createMirrored, type Mirrored } from '../support/git-mirrored.ts'

let scene: Mirrored
let home: string
beforeEach(() => {
  scene = createMirrored()
  home = mkdtempSync(join(tmpdir(), 'pawl-home-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  scene.remove()
  rmSync(home, { recursive: true })
})

test('neither the configuration of the account nor GIT variables of this host count', async () => {
  mkdirSync(join(home, '.config/git'), { recursive: true })
  writeFileSync(
    join(home, '.gitconfig'),
    `[url "${home}/none"]\n\tinsteadOf = file://\n[core]\n\thooksPath = ${home}\n`,
  )
  writeFileSync(join(home, '.config/git/ignore'), '*.ts\n')
  writeFileSync(join(home, '.config/git/attributes'), '*.ts -diff\n')
  const foreign = { GIT_DIR: home, GIT_INDEX_FILE: `${home}/index`, GIT_WORK_TREE: home, GIT_EXEC_PATH: home }
  const head = scene.origin.commit({ 'a.ts': 'a\n' })
  for (const [name, value] of Object.entries({ HOME: home, XDG_CONFIG_HOME: join(home, '.config'), ...foreign })) {
    vi.stubEnv(name, value)
  }
  await scene.git.fetch()
  const { files } = await scene.git.workspace(head, async (workspace) => {
    writeFileSync(join(workspace.dir, 'new.ts'), 'new\n')
    return workspace.measure()
  })
  expect(files).toMatchObject([{ path: 'new.ts', additions: 1, binary: false }])
  expect(await scene.git.readText(head, 'a.ts')).toBe('a\n')
})

test('what the operator sets for reaching the network is passed on, and no secret of the app', () => {
  vi.stubEnv('HTTPS_PROXY', 'http://proxy.example:8080')
  vi.stubEnv('PRIVATE_KEY', 'secret')
  const env = gitEnvironment(home)
  expect(env).toMatchObject({
    HTTPS_PROXY: 'http://proxy.example:8080',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
    HOME: home,
  })
  expect(env).not.toHaveProperty('PRIVATE_KEY')
})
