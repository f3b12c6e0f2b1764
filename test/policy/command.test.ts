import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { COMMAND_NAMES, parseCommand } from '../../src/policy/command.ts'

describe('parseCommand', () => {
  it('knows every command of the product, in any case', () => {
    for (const name of COMMAND_NAMES) {
      expect(parseCommand(`/${name}`)?.name).toBe(name)
      expect(parseCommand(`/${name.toUpperCase()} and more`)?.name).toBe(name)
    }
  })

  it('lets the first line decide, and only one that begins with a slash', () => {
    for (const body of [
      '',
      'please /approve',
      ' /approve',
      '\n/approve',
      '> /approve',
      '`/approve`',
      '// approve',
      '/',
    ]) {
      expect([body, parseCommand(body)]).toEqual([body, null])
    }
    expect(parseCommand('/cancel\r\n/approve')).toEqual({ name: 'cancel' })
  })

  it('leaves the commands of other bots alone and answers a slip of the keyboard', () => {
    for (const body of [
      '/deploy',
      '/lgtm',
      '/assign @ann',
      '/approve-all',
      '/approved-by me',
      '/rebase',
      '/review',
      '/lock',
      '/étape',
    ]) {
      expect([body, parseCommand(body)]).toEqual([body, null])
    }
    for (const word of ['aprove', 'rolback', 'cacnel', 'helpp', 'statue', 'approves']) {
      expect(parseCommand(`/${word} now`)).toEqual({ name: 'unknown', word })
    }
  })

  it('takes a digest of at least seven hexadecimal digits', () => {
    expect(parseCommand('/approve 0123ABCDEF')).toEqual({ name: 'approve', digest: '0123abcdef' })
    expect(parseCommand('/approve `0123abc`')).toEqual({ name: 'approve', digest: '0123abc' })
    expect(parseCommand(`/approve sha256:${'a'.repeat(64)} yes`)).toEqual({ name: 'approve', digest: 'a'.repeat(64) })
    expect(parseCommand('/approve')).toEqual({ name: 'approve', digest: null })
    expect(parseCommand('/approve, thanks')).toBeNull()
    expect(parseCommand('/approve looks good')).toEqual({ name: 'approve', digest: null })
  })

  it('does not take a mistyped digest for an approval of whatever is current', () => {
    for (const wrong of ['012', '0123abcz', `${'a1'.repeat(40)}`]) {
      expect([wrong, parseCommand(`/approve ${wrong}`)?.name]).toEqual([wrong, 'unknown'])
    }
  })

  it('keeps what is asked as data, cut to a sane length and without control characters', () => {
    expect(parseCommand('/revise drop task 2\nand $(reboot) `x`')).toEqual({
      name: 'revise',
      text: 'drop task 2\nand $(reboot) `x`',
    })
    expect(parseCommand('/reject')).toEqual({ name: 'reject', why: '' })
    expect(parseCommand('/reject a\u0000b\u001b[31m')).toEqual({ name: 'reject', why: 'ab[31m' })
    const long = parseCommand(`/revise ${'🦦'.repeat(100_000)}`)
    expect(long?.name === 'revise' && Array.from(long.text).length).toBe(4_000)
    expect(long?.name === 'revise' && long.text.isWellFormed()).toBe(true)
  })

  it('never throws, whatever a stranger writes', () => {
    const digestsOf = (body: string) =>
      [body, `/${body}`, `/approve ${body}`, `/revise ${body}`].map((text) => {
        const command = parseCommand(text)
        return command?.name === 'approve' ? (command.digest ?? 'aaaaaaa') : 'aaaaaaa'
      })
    const bodies = fc.sample(fc.string({ unit: 'binary', maxLength: 200 }), 500)
    for (const digest of bodies.flatMap(digestsOf)) expect(digest).toMatch(/^[0-9a-f]{7,64}$/)
  })
})
