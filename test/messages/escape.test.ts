import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeCell, codeSpan, fence, inline, link, mention, plainLine } from '../../src/messages/escape.ts'
import { hostile } from './hostile.ts'
import { blocks, inlineTokens, parse, visibleText } from './markdown.ts'

const runs = { numRuns: 500 }
const seen = (text: string) => text.replaceAll('\u200b', '').trim()

describe('inline', () => {
  it('COMM-2 shows a stranger’s text as it is, and nothing else comes of it', () => {
    fc.assert(
      fc.property(hostile(), (text) => {
        for (const [before, after] of [
          ['said: ', ' (end)'],
          ['**so ', ' it is**'],
          ['', ''],
        ] as const) {
          const written = `${before}${inline(text)}${after}`
          expect(blocks(`${written}\n\nnext`)).toMatch(/^(paragraph_open inline paragraph_close ?){1,2}$/)
          const types = new Set(inlineTokens(written).map((token) => token.type))
          expect(
            [...types].filter((type) => !['text', 'text_special', 'strong_open', 'strong_close'].includes(type)),
          ).toEqual([])
        }
        expect(seen(visibleText(`said: ${inline(text)}.`))).toBe(seen(`said: ${asSeen(text)}.`))
      }),
      runs,
    )
  })

  it('COMM-2 mentions nobody and refers to nothing', () => {
    fc.assert(
      fc.property(hostile(), (text) => {
        expect(visibleText(`x ${inline(text)}`)).not.toMatch(/@\w|#\d|GH-\d|:\/\/|www\./i)
      }),
      runs,
    )
  })

  it('stays in its cell of a table', () => {
    fc.assert(
      fc.property(hostile(), (text) => {
        const table = `| a | b |\n|---|---|\n| ${inline(text)} | ${codeCell(text)} |\n`
        expect(parse(table).filter((token) => token.type === 'td_open')).toHaveLength(2)
      }),
      runs,
    )
  })

  it('shows what is invisible and cuts by characters', () => {
    expect(inline('a\u202eb')).toBe('a⟨U+202E⟩b')
    expect(inline('🦦'.repeat(500), 10)).toBe(`${'🦦'.repeat(9)}…`)
  })
})

describe('codeSpan', () => {
  it('is one piece of code, whatever is in it', () => {
    fc.assert(
      fc.property(hostile(), (text) => {
        const tokens = inlineTokens(`x ${codeSpan(text)} y`)
        expect(tokens.map((token) => token.type)).toEqual(['text', 'code_inline', 'text'])
      }),
      runs,
    )
  })
})

describe('fence', () => {
  it('is longer than any fence inside, so that nothing in a log ends it', () => {
    fc.assert(
      fc.property(hostile(), (text) => {
        const tokens = parse(`${fence(text, 'text')}\n\nnext`)
        expect(tokens.map((token) => token.type)).toEqual(['fence', 'paragraph_open', 'inline', 'paragraph_close'])
      }),
      runs,
    )
  })

  it('leaves terminal colours out', () => {
    expect(fence('\u001b[31mred\u001b[0m\r\nnext\u0007')).toBe('```\nred\nnext\n```')
  })
})

describe('link', () => {
  it('links http and https addresses only, and they cannot leave their place', () => {
    expect(link('log', 'javascript:alert(1)')).toBe('log')
    expect(link('log', null)).toBe('log')
    expect(link('log', 'https://x.example/a(b)?q="1"&é=%20')).toBe(
      '[log](https://x.example/a%28b%29?q=%221%22&%C3%A9=%20)',
    )
    fc.assert(
      fc.property(hostile(), (text) => {
        const tokens = inlineTokens(`${link('log', `https://x.example/${text}`)} end`)
        expect(tokens.map((token) => token.type).join(' ')).toMatch(/^(link_open text link_close )?text$/)
      }),
      runs,
    )
  })
})

describe('mention', () => {
  it('notifies people and shows everything else', () => {
    expect(mention('octo-cat')).toBe('@octo-cat')
    expect(mention('octo_corp')).toBe('@octo\\_corp')
    for (const name of ['renovate[bot]', 'my-org/team', 'a b', '', '@x']) expect(mention(name)).toMatch(/^`/)
  })
})

describe('plainLine', () => {
  it('neither mentions nor closes anything where GitHub reads plain text', () => {
    expect(plainLine('fixes #7, o/r#8, GH-9 and https://github.com/o/r/issues/3 for @ann', 200)).toBe(
      'fixes # 7, o/r# 8, GH 9 and https://github.com/o/r/issues/ 3 for @ ann',
    )
    expect(plainLine('a\nb\u0000c', 200)).toBe('a b c')
  })
})

/** The text as it should be seen: on one line, with invisible characters written out. */
function asSeen(text: string): string {
  const span = inlineTokens(codeSpan(text, 300))[0]
  return span?.content.trim() ?? ''
}
