import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AgentContext, AgentTask, Retry } from '../../src/agents/agent.ts'
import { patchAgent, type Apply } from '../../src/agents/patch.ts'
import type { TaskSource } from '../../src/model.ts'
import { agentTask } from './fixtures.ts'

let root: string
let workspace: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'pawl-patch-'))
  workspace = join(root, 'workspace')
  await mkdir(workspace)
})
afterEach(() => rm(root, { recursive: true, force: true }))

/** Real `git apply`; the first line of its complaint is the reason. */
const apply: Apply = async (dir, diff) => {
  try {
    execFileSync('git', ['apply', '-p1', '-'], { cwd: dir, input: diff, stdio: 'pipe' })
    return { ok: true }
  } catch (error) {
    const [, path = '', line] = /patch failed: (\S+):(\d+)/.exec(String((error as { stderr: Buffer }).stderr)) ?? []
    return { ok: false, hunks: [{ path, line: Number(line), message: 'the lines are not there' }] }
  }
}

function change(source: TaskSource, retry: Retry | null = null) {
  const context = { workspace } as AgentContext
  const task: AgentTask = agentTask(source)
  return patchAgent(apply).change(task, retry, context)
}

const files = (...entries: [string, string][]): TaskSource => ({
  kind: 'files',
  files: entries.map(([path, content]) => ({ path, content })),
})

const diff = '--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n'

describe('a diff', () => {
  it('is applied as it stands', async () => {
    await writeFile(join(workspace, 'a.txt'), 'one\ntwo\n')
    expect(await change({ kind: 'diff', diff })).toMatchObject({ state: 'done' })
    expect(await readFile(join(workspace, 'a.txt'), 'utf8')).toBe('one\nthree\n')
  })

  it.each([
    ['one\nzwei\n', 'hunk at line 1: the diff expects “two” in line 2, and the file has “zwei” there'],
    ['one\n', 'hunk at line 1: the diff expects “two” in line 2, and the file ends at line 1'],
  ])('that does not apply to %j names the file, the hunk and the line that differs', async (text, why) => {
    await writeFile(join(workspace, 'a.txt'), text)
    const reason = `the diff does not apply: a.txt, ${why}`
    expect(await change({ kind: 'diff', diff })).toMatchObject({ state: 'failed', reason, retryable: false })
  })

  it('that does not apply reads no link to find out why', async () => {
    await writeFile(join(root, 'secret'), 'kept\n')
    await symlink(join(root, 'secret'), join(workspace, 'a.txt'))
    const refuse: Apply = () =>
      Promise.resolve({ ok: false, hunks: [{ path: 'a.txt', line: 1, message: 'patch does not apply' }] })
    const task: AgentTask = agentTask({ kind: 'diff', diff })
    const result = await patchAgent(refuse).change(task, null, { workspace } as AgentContext)
    expect(result).toMatchObject({ reason: 'the diff does not apply: a.txt, line 1: patch does not apply' })
  })
})

describe('whole files', () => {
  it('are written with their parents, and keep the mode of a file that is there', async () => {
    await writeFile(join(workspace, 'run.sh'), 'a much longer old text\n')
    await chmod(join(workspace, 'run.sh'), 0o755)
    expect(await change(files(['deep/er/new.txt', 'new\n'], ['run.sh', 'short\n']))).toMatchObject({ state: 'done' })
    expect(await readFile(join(workspace, 'deep/er/new.txt'), 'utf8')).toBe('new\n')
    expect(await readFile(join(workspace, 'run.sh'), 'utf8')).toBe('short\n')
    expect((await stat(join(workspace, 'run.sh'))).mode & 0o777).toBe(0o755)
  })

  it.each([
    ['../outside.txt', 'not relative'],
    ['/outside.txt', 'not relative'],
    ['a/../../outside.txt', 'not relative'],
    ['a\\b', 'not a path'],
    ['.git/hooks/post-commit', 'git’s own directory'],
    ['sub/.GIT./config', 'git’s own directory'],
    ['git~1/config', 'git’s own directory'],
  ])('are not written to %s', async (path, why) => {
    const result = await change(files(['good.txt', 'x'], [path, 'x']))
    expect(result).toMatchObject({ state: 'failed' })
    expect('reason' in result && result.reason).toContain(why)
    expect(await readdir(workspace)).toEqual([])
    expect(await readdir(root)).toEqual(['workspace'])
  })

  it('are written through no link, neither of the file nor of a parent', async () => {
    await writeFile(join(root, 'secret'), 'kept')
    await symlink(join(root, 'secret'), join(workspace, 'file-link'))
    await symlink(root, join(workspace, 'dir-link'))
    await symlink(join(root, 'created'), join(workspace, 'dangling'))
    for (const path of ['file-link', 'dir-link/secret', 'dir-link/created', 'dangling']) {
      const result = await change(files([path, 'overwritten']))
      expect('reason' in result && result.reason).toMatch(/ is a link$/)
    }
    expect(await readFile(join(root, 'secret'), 'utf8')).toBe('kept')
    expect(await readdir(root)).not.toContain('created')
  })

  it('do not replace a directory, nor stand below a file', async () => {
    await mkdir(join(workspace, 'dir'))
    await writeFile(join(workspace, 'file'), 'x')
    expect(await change(files(['dir', 'x']))).toMatchObject({ state: 'failed' })
    expect(await change(files(['file/below', 'x']))).toMatchObject({ state: 'failed' })
  })
})

it('does not pretend to fix what round 1 found: its change is what the request shows', async () => {
  await writeFile(join(workspace, 'a.txt'), 'one\ntwo\n')
  const result = await change({ kind: 'diff', diff }, { round: 1, findings: [], logs: [] })
  expect(result).toMatchObject({ state: 'failed', retryable: false })
  expect(await readFile(join(workspace, 'a.txt'), 'utf8')).toBe('one\ntwo\n')
})
