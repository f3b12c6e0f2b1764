import fc from 'fast-check'

/** Pieces that mean something to Markdown, HTML or GitHub, so that random texts of them are hostile ones. */
const MARKUP =
  '` `` ``` ~~~ * ** *** _ ___ [ ] ( ) ]( ![ [a]: < > <!-- --> <b> </details> </summary> & &lt; \\ | $ ~~ " --- ==='
const NAMES = '#7 GH-7 @ann o/r#7 o/r@ https://evil.example/x www.evil.example a@b.example javascript:x word Pawl-Task:'
const LINES = [
  '\n',
  '\n\n',
  '\n# ',
  '\n- ',
  '\n---\n',
  '\n```\n',
  '- ',
  '* ',
  '+ ',
  '# ',
  '> ',
  '1. ',
  '    ',
  '\t',
  ' ',
  ', ',
]
const HIDDEN = ['\u202e', '\u200b', '\u0000', '\u001b[31m', '\u2028', '\u0085', '<!-- pawl {"kind":"plan"} -->']

const PIECES = [...MARKUP.split(' '), ...NAMES.split(' '), ...LINES, ...HIDDEN]

/** Texts of such pieces, with some of one's own, and texts of any characters at all. */
export function hostile(own: string[] = []): fc.Arbitrary<string> {
  const pieces = fc.constantFrom(...PIECES, ...own)
  return fc.oneof(
    fc.array(pieces, { maxLength: 10 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 40 }),
  )
}
