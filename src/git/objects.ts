import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { dirname } from 'node:path'
import { failure, type Place } from './command.ts'
import { gitEnvironment } from './environment.ts'

type ObjectInfo = { sha: string; type: string; size: number }

/** Reads objects by name (`sha`, `sha^{tree}`, `sha:path`, a ref); null for what is not there. Names hold no line break. */
export type Objects = {
  info(name: string): Promise<ObjectInfo | null>
  content(name: string): Promise<(ObjectInfo & { bytes: Buffer }) | null>
  /** Ends the process behind it; the next question starts another. */
  close(): void
}

type Reply = (ObjectInfo & { bytes: Buffer }) | null
type Question = { withContent: boolean; answer: (reply: Reply) => void; fail: (error: Error) => void }

const IDLE_MS = 1_000
const ARGS = ['cat-file', '--batch-command']

/**
 * One `git cat-file` process that answers many questions, each thirty times as fast as a command of its own. simple-git knows
 * no conversation, hence the plain process. It ends when nothing was asked for a second, so that nobody need close it.
 */
export function createObjects(place: Place): Objects {
  let current: Conversation | null = null
  let idle: NodeJS.Timeout | undefined
  const close = () => {
    clearTimeout(idle)
    current?.end()
    current = null
  }
  const ask = async (name: string, withContent: boolean): Promise<Reply> => {
    if (name.includes('\n')) throw failure(place, ARGS, `cannot ask for ${JSON.stringify(name)}`)
    clearTimeout(idle)
    if (current === null || current.ended()) current = converse(place)
    const conversation = current
    try {
      return await conversation.ask(name, withContent)
    } finally {
      if (conversation === current && !conversation.busy()) {
        clearTimeout(idle)
        idle = setTimeout(close, IDLE_MS)
      }
    }
  }
  return { info: (name) => ask(name, false), content: (name) => ask(name, true), close }
}

type Conversation = {
  ask(name: string, withContent: boolean): Promise<Reply>
  busy(): boolean
  ended(): boolean
  end(): void
}

function converse(place: Place): Conversation {
  const env = { ...gitEnvironment(dirname(place.path)), GIT_DIR: place.path }
  const child: ChildProcessWithoutNullStreams = spawn('git', ARGS, { env })
  const waiting: Question[] = []
  const complaints: Buffer[] = []
  let ended = false
  const lose = (reason: string) => {
    ended = true
    const words = `${reason} ${Buffer.concat(complaints).toString().trim()}`.trim()
    for (const question of waiting.splice(0)) question.fail(failure(place, ARGS, words))
  }
  child.on('error', (error) => lose(error.message))
  child.on('close', () => lose('the process ended.'))
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk))
  // A process that is gone says so by closing.
  child.stdin.on('error', () => {})
  child.stdout.on('data', readReplies(waiting))
  return {
    ask: (name, withContent) =>
      new Promise((answer, fail) => {
        waiting.push({ withContent, answer, fail })
        child.stdin.write(`${withContent ? 'contents' : 'info'} ${name}\n`)
      }),
    busy: () => waiting.length > 0,
    ended: () => ended,
    end: () => void child.stdin.end(),
  }
}

/** Answers the waiting questions in their order from what arrives: a line each, then the content where it was asked for. */
function readReplies(waiting: Question[]): (chunk: Buffer) => void {
  let chunks: Buffer[] = []
  let held = 0
  let needed = 1
  let header: ObjectInfo | null = null
  const answer = (reply: Reply) => waiting.shift()?.answer(reply)
  return (chunk) => {
    chunks.push(chunk)
    held += chunk.length
    if (held < needed) return
    let rest = Buffer.concat(chunks)
    while (rest.length >= needed) {
      if (header !== null) {
        answer({ ...header, bytes: rest.subarray(0, header.size) })
        rest = rest.subarray(needed)
        ;[header, needed] = [null, 1]
        continue
      }
      const end = rest.indexOf(10)
      if (end < 0) break
      header = parseHeader(rest.subarray(0, end).toString())
      rest = rest.subarray(end + 1)
      if (header !== null && waiting[0]?.withContent) {
        needed = header.size + 1
        continue
      }
      answer(header === null ? null : { ...header, bytes: Buffer.alloc(0) })
      header = null
    }
    chunks = [rest]
    held = rest.length
  }
}

/** `<sha> <type> <size>`; all else, such as `<name> missing`, is not there. */
function parseHeader(line: string): ObjectInfo | null {
  const [, sha, type, size] = /^([0-9a-f]{40,64}) (blob|tree|commit|tag) (\d+)$/.exec(line) ?? []
  return sha && type ? { sha, type, size: Number(size) } : null
}
