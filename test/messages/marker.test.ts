import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { markerOf, readMarker } from '../../src/messages/marker.ts'
import { blocks } from './markdown.ts'

describe('the marker', () => {
  it('SNAP-1 gives back kind, codename and whatever else was put in, and cannot be ended early', () => {
    fc.assert(
      fc.property(fc.string(), fc.dictionary(fc.string(), fc.string()), (codename, given) => {
        const extra = Object.fromEntries(
          Object.entries(given).filter(([key]) => !['kind', 'codename', '__proto__'].includes(key)),
        )
        const marker = markerOf('plan', codename, extra)
        expect(readMarker(`${marker}\ntext`)).toEqual({ kind: 'plan', codename, extra })
        expect(blocks(`${marker}\ntext`)).toBe('html_block paragraph_open inline paragraph_close')
      }),
    )
    expect(markerOf('status', 'x', { why: '--> <b>' })).not.toMatch(/-->.*-->|<b>/)
  })

  it('stands on the first line or nowhere', () => {
    const marker = markerOf('status', 'brave-otter')
    expect(marker).toBe('<!-- pawl {"kind":"status","codename":"brave-otter"} -->')
    expect(readMarker(`${marker}\r\ntext`)?.codename).toBe('brave-otter')
    for (const body of [
      '',
      'text',
      `text\n${marker}`,
      ` ${marker}`,
      '<!-- pawl {} -->',
      '<!-- pawl {x} -->',
      '<!-- pawl [] -->',
    ]) {
      expect([body, readMarker(body)]).toEqual([body, null])
    }
  })
})
