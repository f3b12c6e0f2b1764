import type { ChildProcess } from 'node:child_process'
import type { ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'

const blankLine = Buffer.from('\r\n\r\n')

/**
 * Passes a CGI program's output on as an HTTP answer, except for its end. Resolves when the program and its channels
 * have closed; `false` when it never got as far as its header.
 */
export function relayAnswer(program: ChildProcess, output: Readable, response: ServerResponse): Promise<boolean> {
  let held = Buffer.alloc(0)
  let answered = false
  const collect = (chunk: Buffer) => {
    held = Buffer.concat([held, chunk])
    const end = held.indexOf(blankLine)
    if (end < 0) return
    answered = true
    output.off('data', collect)
    // A client that went away must not stop the program from finishing.
    if (response.destroyed) return void output.resume()
    writeHeader(response, held.subarray(0, end).toString('latin1'))
    response.write(held.subarray(end + blankLine.length))
    output.pipe(response, { end: false })
    response.once('close', () => output.unpipe(response).resume())
  }
  output.on('data', collect)
  return new Promise((resolve) => {
    program.once('close', () => resolve(answered))
  })
}

function writeHeader(response: ServerResponse, text: string): void {
  const header = text.split('\r\n').map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trim()]
  })
  const status = header.find(([name]) => name.toLowerCase() === 'status')?.[1] ?? '200'
  const fields = header.filter(([name]) => name.toLowerCase() !== 'status')
  response.writeHead(Number.parseInt(status, 10), Object.fromEntries(fields))
}
