/**
 * PostgreSQL keeps neither the character U+0000 nor half a surrogate pair, and both come in from strangers' texts and from
 * programs' output. They are replaced by U+FFFD rather than refused: an update must not fail over a stray byte.
 */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}
