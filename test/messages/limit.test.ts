import { describe, expect, it } from 'vitest'
import { details } from '../../src/messages/layout.ts'
import { fence } from '../../src/messages/escape.ts'
import { limit, LONGEST_COMMENT } from '../../src/messages/limit.ts'
import { parse } from './markdown.ts'

const inside = details('Log', `before\n\n${fence(`\`\`\`\n${'line\n'.repeat(50)}`, 'text')}\n\nafter`)
const body = `<!-- marker -->\nfirst\n\n${inside}\n\nlast`

describe('limit', () => {
  it('leaves alone what fits', () => {
    expect(limit(body)).toBe(body)
  })

  it('never exceeds the length, and closes fences and folds wherever it cuts', () => {
    for (let longest = 200; longest < body.length; longest++) {
      const cut = limit(body, longest)
      const tokens = parse(cut)
      const last = tokens.filter((token) => token.type === 'inline').at(-1)
      const html = tokens.filter((token) => token.type === 'html_block').map((token) => token.content)
      expect({
        fits: cut.length <= longest,
        says: last?.content.includes('longer than GitHub allows'),
        folds: html.filter((each) => each.startsWith('<details>')).length,
      }).toEqual({ fits: true, says: true, folds: html.filter((each) => each.startsWith('</details>')).length })
    }
  })

  it('leaves a single line out that is too long by itself', () => {
    const cut = limit(`<!-- marker -->\n${'x'.repeat(LONGEST_COMMENT)}`)
    expect(cut.split('\n')[0]).toBe('<!-- marker -->')
    expect(cut.length).toBeLessThan(200)
  })
})
