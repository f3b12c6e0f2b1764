import type { Lexer } from './lexer.ts'
import type { ReferenceKind } from './reading.ts'

export function importKind(_lexer: Lexer, _end: number): ReferenceKind | null {
  return null
}
