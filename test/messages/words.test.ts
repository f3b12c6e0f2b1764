import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MESSAGE_NAMES, THEMES } from '../../src/config.ts'
import { createWords, PLACES, THEME_WORDS } from '../../src/messages/words.ts'
import { hostile } from './hostile.ts'
import { blocks, inlineTokens, visibleText } from './markdown.ts'

const placesIn = (text: string) => Array.from(text.matchAll(/\{([a-z]+)\}/g), (match) => match[1])

describe('themes', () => {
  it('COMM-2 have every message, name the codename, and use only the places that are filled', () => {
    for (const theme of THEMES) {
      for (const name of MESSAGE_NAMES) {
        const places = placesIn(THEME_WORDS[theme][name])
        const strange = places.filter((place) => place !== 'codename' && !PLACES[name].includes(place ?? ''))
        expect([theme, name, strange]).toEqual([theme, name, []])
      }
    }
  })

  it('COMM-1 say the eight messages in words of their own', () => {
    for (const name of MESSAGE_NAMES.slice(0, 8)) {
      const said = THEMES.map((theme) =>
        createWords(theme, {})(name, { codename: 'brave-otter', requester: 'ann', phase: 'round 1' }),
      )
      expect(new Set(said).size).toBe(THEMES.length)
      expect(said.every((each) => each.includes('brave-otter') && !each.includes('{'))).toBe(true)
    }
  })
})

describe('createWords', () => {
  const say = (template: string, values: Record<string, string> = {}) =>
    createWords('plain', { success: template })('success', { codename: 'brave-otter', ...values })

  it('COMM-2 lets a repository say a single message in its own words', () => {
    expect(say('**{codename}** is out, thanks {requester}!', { requester: 'ann' })).toBe(
      '**brave-otter** is out, thanks @ann!',
    )
    const words = createWords('space', { success: 'Done.' })
    expect(words('success', {})).toBe('Done.')
    expect(words('cancelled', { codename: 'x' })).toBe(THEME_WORDS.space.cancelled.replace('{codename}', 'x'))
  })

  it('leaves a place that is not filled as it is written, and never one of JavaScript’s own', () => {
    expect(say('{nothing} {constructor} {codename}')).toBe('{nothing} {constructor} brave-otter')
  })

  it('COMM-2 ties no value to what stands before it', () => {
    const title = 'ann'
    expect(visibleText(say('@{title} @my-org/{title} \\{title}', { title }))).not.toMatch(/@ann|@my-org\/ann/)
    expect(visibleText(say('#{title} #1{title} GH-{title}', { title: '7' }))).not.toMatch(/#\d*7|GH-7/)
    expect(inlineTokens(say('C:\\{title}', { title: '<b>' })).map((token) => token.type)).not.toContain('html_inline')
  })

  it('COMM-2 keeps an override one paragraph, whatever is in it and in its values', () => {
    const text = hostile(['{title}', '{codename}'])
    fc.assert(
      fc.property(text, text, (template, title) => {
        fc.pre(!/^[\s\p{Cc}]*$/u.test(template))
        const said = say(template, { title })
        expect(blocks(`<!-- marker -->\n${said}\n\nnext`)).toBe(
          'html_block paragraph_open inline paragraph_close paragraph_open inline paragraph_close',
        )
        expect(inlineTokens(said).map((token) => token.type)).not.toContain('html_inline')
      }),
      { numRuns: 500 },
    )
  })
})
