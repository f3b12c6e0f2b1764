import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import type { Socket } from 'node:net'

import type { BareRepository, ObjectType, Sha } from './contract.ts'
import { cleanEnvironment, GitError } from './process.ts'

/*
 * Objects are read through one `git cat-file --batch-command` a repository, which stays for a while: starting git takes
 * milliseconds, asking one that runs takes a fraction of one. It sees what is written meanwhile, as any git does.
 */

export interface ObjectInfo {
  sha: Sha
  type: ObjectType
  size: number
}

export interface StoredObject extends ObjectInfo {
  content: Buffer
}

const IDLE_MS = 5_000

type Answer = StoredObject | null
interface Question {
  wantsContent: boolean
  resolve: (answer: Answer) => void
  reject: (error: Error) => void
}

const readers = new Map<BareRepository, ObjectReader>()

/** What a revision names, with its content; null for what the repository does not have. */
export function readObject(repository: BareRepository, revision: string): Promise<Answer> {
  return ask(repository, revision, true)
}

/** The same without the content. */
export function readObjectInfo(repository: BareRepository, revision: string): Promise<ObjectInfo | null> {
  return ask(repository, revision, false)
}

function ask(repository: BareRepository, revision: string, wantsContent: boolean): Promise<Answer> {
  // A line is a question; no name of anything holds a line break.
  if (/[\n\0]/.test(revision) || revision === '') return Promise.resolve(null)
  let reader = readers.get(repository)
  if (reader === undefined) {
    const made = new ObjectReader(repository, () => {
      if (readers.get(repository) === made) readers.delete(repository)
    })
    readers.set(repository, (reader = made))
  }
  return reader.ask(revision, wantsContent)
}

class ObjectReader {
  readonly #git: ChildProcessWithoutNullStreams
  readonly #questions: Question[] = []
  readonly #forget: () => void
  #chunks: Buffer[] = []
  #length = 0
  /** Bytes that must be there before it is worth looking. */
  #wanted = 1
  #complaint = ''
  readonly #idle: NodeJS.Timeout

  constructor(repository: BareRepository, forget: () => void) {
    this.#forget = forget
    const env = { ...cleanEnvironment(), GIT_DIR: repository }
    this.#git = spawn('git', ['cat-file', '--batch-command'], { env })
    this.#git.stdout.on('data', (chunk: Buffer) => this.#take(chunk))
    this.#git.stderr.on('data', (chunk: Buffer) => (this.#complaint += chunk.toString()))
    this.#git.on('error', (cause) => this.#end(new GitError(`git cat-file could not be started: ${cause.message}`)))
    this.#git.on('close', () =>
      this.#end(new GitError(`git cat-file ended: ${this.#complaint.trim() || 'no message'}`)),
    )
    this.#git.stdin.on('error', () => {})
    this.#idle = setTimeout(() => this.#stop(), IDLE_MS).unref()
    this.#hold(false)
  }

  ask(revision: string, wantsContent: boolean): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#questions.length === 0) this.#hold(true)
      this.#questions.push({ wantsContent, resolve, reject })
      this.#git.stdin.write(`${wantsContent ? 'contents' : 'info'} ${revision}\n`)
      this.#idle.refresh()
    })
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#length += chunk.length
    if (this.#length < this.#wanted) return
    let rest = Buffer.concat(this.#chunks)
    for (let question = this.#questions[0]; question !== undefined; question = this.#questions[0]) {
      const read = answerFrom(rest, question.wantsContent)
      if (!read.whole) {
        this.#wanted = read.wanted
        break
      }
      this.#questions.shift()
      rest = rest.subarray(read.length)
      this.#wanted = 1
      question.resolve(read.answer)
    }
    this.#chunks = [rest]
    this.#length = rest.length
    if (this.#questions.length === 0) this.#hold(false)
  }

  /** Only an open question keeps the process of the server alive. */
  #hold(is: boolean): void {
    for (const part of [this.#git, this.#git.stdin as Socket, this.#git.stdout as Socket, this.#git.stderr as Socket]) {
      if (is) part.ref()
      else part.unref()
    }
  }

  #stop(): void {
    if (this.#questions.length > 0) return void this.#idle.refresh()
    this.#forget()
    this.#git.stdin.end()
  }

  #end(error: GitError): void {
    clearTimeout(this.#idle)
    this.#forget()
    for (const question of this.#questions.splice(0)) question.reject(error)
  }
}

type Read = { whole: true; answer: Answer; length: number } | { whole: false; wanted: number }

/** One answer from the start of what came: `<sha> <type> <size>`, then the content and a line break. */
function answerFrom(bytes: Buffer, wantsContent: boolean): Read {
  const end = bytes.indexOf('\n')
  if (end < 0) return { whole: false, wanted: bytes.length + 1 }
  const header = /^([\da-f]{40}) (commit|tree|blob|tag) (\d+)$/.exec(bytes.toString('utf8', 0, end))
  if (header === null) return { whole: true, answer: null, length: end + 1 }
  const info = { sha: header[1] ?? '', type: header[2] as ObjectType, size: Number(header[3]) }
  if (!wantsContent) return { whole: true, answer: { ...info, content: Buffer.alloc(0) }, length: end + 1 }
  const length = end + 1 + info.size + 1
  if (bytes.length < length) return { whole: false, wanted: length }
  // A copy, or a small object would keep a large buffer alive.
  const content = Buffer.from(bytes.subarray(end + 1, length - 1))
  return { whole: true, answer: { ...info, content }, length }
}
