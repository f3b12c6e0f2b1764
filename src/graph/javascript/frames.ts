import type { Language } from './language.ts'

/*
 * How the mapper and its parser processes talk. A question is a header of twelve bytes (number, what is asked, length) and
 * the text; an answer is a line of JSON. The first line an answering process writes is `ready`.
 */

export type Question = { asked: 'references' | 'exports'; language: Language }

/** Every question there is; its place in the list is what the header carries. */
const questions: Question[] = (['references', 'exports'] as const).flatMap((asked) =>
  (['jsx', 'ts', 'tsx', 'dts'] as const).map((language) => ({ asked, language })),
)

export const headerLength = 12

export function writeHeader(number: number, question: Question, length: number): Buffer {
  const place = questions.findIndex((q) => q.asked === question.asked && q.language === question.language)
  const header = Buffer.allocUnsafe(headerLength)
  header.writeUInt32LE(number, 0)
  header.writeUInt32LE(place, 4)
  header.writeUInt32LE(length, 8)
  return header
}

export function readHeader(bytes: Buffer, at: number): { number: number; question: Question; length: number } {
  const question = questions[bytes.readUInt32LE(at + 4)]
  if (question === undefined) throw new Error('a parser process was asked something unknown')
  return { number: bytes.readUInt32LE(at), question, length: bytes.readUInt32LE(at + 8) }
}

export type Answer = { number: number; reading: unknown }
