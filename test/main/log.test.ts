import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

/** What a process prints that logs what `statements` say; `log` is the app's log. */
async function logged(level: string, statements: string) {
  const module = JSON.stringify(fileURLToPath(new URL('../../src/main/log.ts', import.meta.url)))
  const program = `import { createLog } from ${module}; const log = createLog(${JSON.stringify(level)}); ${statements}`
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program])
  const lines = stderr.split('\n').filter((line) => line !== '')
  return { stdout, stderr, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) }
}

test('each entry is a line of JSON on stderr, from the level on', async () => {
  const { stdout, lines } = await logged('warn', `log.info('quiet'); log.warn({ codename: 'brave-otter' }, 'loud')`)
  expect(stdout).toBe('')
  expect(lines).toMatchObject([{ level: 40, codename: 'brave-otter', msg: 'loud' }])
})

test('credentials and payloads are left out, wherever they stand', async () => {
  const { stderr, lines } = await logged(
    'info',
    `const secrets = { authorization: 'hush', token: 'hush', privateKey: 'hush', secret: 'hush', password: 'hush' }
     log.info({ ...secrets, deep: secrets, a: { b: { c: secrets } }, event: { payload: { hush: 1 } }, body: 'hush' }, 'x')
     log.child({ headers: { authorization: 'hush' } }).info('child')`,
  )
  expect(stderr).not.toContain('hush')
  expect(lines[0]).toMatchObject({
    token: '[redacted]',
    deep: { secret: '[redacted]' },
    event: { payload: '[redacted]' },
  })
})

test('secrets that can be told by their look are left out of sentences too', async () => {
  const { stderr, lines } = await logged(
    'info',
    `const token = 'ghs_' + 'a1B2'.repeat(9)
     log.info('pushing with ' + token + ' failed')
     log.info({ err: new Error('fatal: https://x-access-token:' + token + '@github.example/a/b.git') }, 'github_pat_11ABCDEFG0' + '_a1'.repeat(9))
     log.info({ url: 'postgresql://pawl:hush@db.example/pawl' }, 'key -----BEGIN RSA PRIVATE KEY-----\\nhush\\n-----END RSA PRIVATE KEY----- end')`,
  )
  expect(stderr).not.toMatch(/hush|a1B2|_a1/)
  expect(lines.map(({ msg }) => msg)).toEqual(['pushing with [redacted] failed', '[redacted]', 'key [redacted] end'])
  expect(lines[2]).toMatchObject({ url: 'postgresql://pawl:[redacted]@db.example/pawl' })
})

test('an error is written with its status and its cause, and without the request that it carries', async () => {
  const { stderr, lines } = await logged(
    'info',
    `const request = { headers: { authorization: 'token hush' }, body: 'hush' }
     const cause = Object.assign(new Error('Not Found'), { name: 'HttpError', status: 404, request })
     log.warn({ err: new Error('the step failed', { cause }) }, 'x')
     log.error(Object.assign(new Error('bare'), { request }))`,
  )
  expect(stderr).not.toContain('hush')
  expect(lines[0]).toMatchObject({
    err: { name: 'Error', message: 'the step failed', cause: { name: 'HttpError', message: 'Not Found', status: 404 } },
  })
  expect(lines[1]).toMatchObject({ msg: 'bare', err: { message: 'bare', stack: expect.stringContaining('bare') } })
})
