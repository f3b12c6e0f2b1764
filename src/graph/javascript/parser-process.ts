import { readExports } from './exports.ts'
import type { Answer, Question } from './frames.ts'
import { headerLength, readHeader } from './frames.ts'
import type { ExportsReading, ModuleReading } from './reading.ts'
import { parseText } from './parse.ts'
import { readQuickly } from './quick-references.ts'
import { findReferences } from './references.ts'

/*
 * A process of its own, because the native parser ends its process on deeply nested input. It answers one question after
 * the other and in order, so that the first without an answer is the one it died of.
 */

process.stdout.write('ready\n')
let held: Buffer[] = []
let length = 0
let wanted = headerLength
process.stdin.on('data', (chunk: Buffer) => {
  held.push(chunk)
  length += chunk.length
  if (length < wanted) return
  held = [answerAll(Buffer.concat(held, length))]
  length = held[0]?.length ?? 0
})

/** Answers every whole question, and gives back what is left. */
function answerAll(bytes: Buffer): Buffer {
  let at = 0
  wanted = headerLength
  while (bytes.length - at >= headerLength) {
    const header = readHeader(bytes, at)
    const end = at + headerLength + header.length
    if (bytes.length < end) {
      wanted = end - at
      break
    }
    answer(header.number, header.question, bytes.toString('utf8', at + headerLength, end))
    at = end
  }
  return bytes.subarray(at)
}

function answer(number: number, question: Question, text: string): void {
  const reply: Answer = { number, reading: read(question, text) }
  process.stdout.write(`${JSON.stringify(reply)}\n`)
}

function read(question: Question, text: string): ModuleReading | ExportsReading {
  try {
    if (question.asked === 'exports') return readExports(question.language, text)
    const references = readQuickly(question.language, text)
    if (references !== null) return { references, fault: null }
    const parsed = parseText(question.language, text)
    if (!parsed.ok) return { references: [], fault: parsed.fault }
    return { references: findReferences(parsed.result), fault: null }
  } catch (error) {
    // Nesting that the parser bears can still be too deep for the walk over it.
    const fault = error instanceof Error ? error.message : String(error)
    return question.asked === 'exports' ? { names: [], fault } : { references: [], fault }
  }
}
