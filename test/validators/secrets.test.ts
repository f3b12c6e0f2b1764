import { describe, expect, it } from 'vitest'
import { secretsValidator } from '../../src/validators/secrets.ts'
import { change, created, measured, removed } from './change.ts'

const validator = secretsValidator('round1')
// Put together here, so that this file holds nothing that looks like a secret.
const token = `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`
const key = [
  `-----BEGIN RSA PRIVATE ${'KEY'}-----`,
  'MIIEpAIBAAKCAQEA'.repeat(10),
  `-----END RSA PRIVATE ${'KEY'}-----`,
]

describe('GATE1-2 secrets', () => {
  it('in a line that the change adds block it, by kind and place and never by value', async () => {
    const context = change([measured('a.ts')], {
      before: { 'a.ts': 'const a = 1\n' },
      after: { 'a.ts': `const a = 1\nconst token = '${token}'\n` },
    })
    const findings = await validator.review(context)
    expect(findings).toEqual([
      {
        gate: 'round1',
        severity: 'error',
        rule: 'secret-found',
        path: 'a.ts',
        line: 2,
        message: 'The line looks like a secret (github: GITHUB_TOKEN).',
        remedy: expect.any(String),
      },
    ])
    expect(JSON.stringify(findings)).not.toContain(token.slice(4, 14))
  })

  it('that were there before are not the fault of the change, wherever its lines went', async () => {
    const context = change([measured('new.ts', { from: 'old.ts' })], {
      before: { 'old.ts': `${token}\nx\n` },
      after: { 'new.ts': `y\nz\n${token}\n` },
    })
    expect(await validator.review(context)).toEqual([])
  })

  it('over several lines count as soon as one of the lines is new', async () => {
    const text = key.join('\n')
    const unfinished = change([measured('key.pem')], {
      before: { 'key.pem': key.slice(0, 2).join('\n') },
      after: { 'key.pem': text },
    })
    expect(await validator.review(unfinished)).toMatchObject([{ rule: 'secret-found', line: 3 }])
    const fresh = change([measured('key.pem', created)], { after: { 'key.pem': text } })
    expect(await validator.review(fresh)).toMatchObject([{ rule: 'secret-found', line: 1 }])
  })

  it('cannot be excused by a comment in the change itself', async () => {
    const context = change([measured('a.ts', created)], {
      after: { 'a.ts': `// secretlint-disable\nx = '${token}'\n` },
    })
    expect(await validator.review(context)).toHaveLength(1)
  })

  it('are not looked for in removed and binary files', async () => {
    const context = change([measured('gone.ts', removed), measured('image.png', { binary: true })], {
      before: { 'gone.ts': token },
    })
    expect(await validator.review(context)).toEqual([])
  })

  it('are looked for in a thread that ends with the signal, so that hostile text cannot hold everything up', async () => {
    const context = change([measured('a.ts', created)], { after: { 'a.ts': 'x\n'.repeat(2_000_000) } })
    await expect(validator.review({ ...context, signal: AbortSignal.timeout(20) })).rejects.toThrow('was stopped')
  })
})
