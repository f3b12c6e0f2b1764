import { availableParallelism } from 'node:os'

import type { Question } from './frames.ts'
import type { Job, ParserChild } from './parser-child.ts'
import { startParser } from './parser-child.ts'
import type { ExportsReading, ModuleReading } from './reading.ts'

/** Parses texts in other processes, which may die of one without harm to the rest. */
export type Parsers = {
  /** @throws when no parser process can be started at all, or after `close` */
  references(language: Question['language'], content: Buffer): Promise<ModuleReading>
  exports(language: Question['language'], content: Buffer): Promise<ExportsReading>
  /** Null, or settled later, when less than a few megabytes wait to be parsed: a reader must not run ahead without end. */
  room(): Promise<void> | null
  /** Resolves when the processes are gone. */
  close(): Promise<void>
}

/** One text may take this long, in ms, on a busy machine; then its process is killed. */
const patience = 10_000
/** What one process is given ahead, so that it never waits for the next text. */
const ahead = 8
/** A process costs about as much as parsing this many bytes. */
const bytesWorthAProcess = 1_500_000
const mostProcesses = availableParallelism()
const mostBytesWaiting = 16_000_000
/** Unused processes are ended after this many ms: they hold 50 MB each. */
const idleTime = 5_000

/** `codeCache` is a directory of its own for compiled code. */
export function createParsers(codeCache?: string): Parsers {
  const settings = { patience, ...(codeCache !== undefined && { codeCache }) }
  const children = new Set<ParserChild>()
  let queue: Job[] = []
  let bytesWaiting = 0
  let closed = false
  const hungry: (() => void)[] = []
  let idle: NodeJS.Timeout | undefined

  const start = () => {
    const child = startParser(settings, deal, ({ started, of, why, rest }) => {
      children.delete(child)
      of?.fail(why)
      queue = [...rest, ...queue]
      if (closed) refuse(new Error('the dependency mapper is closed'))
      else if (!started) refuse(new Error(`no parser process can be started: ${why}`))
      deal()
    })
    children.add(child)
  }

  const refuse = (error: Error) => {
    for (const job of queue.splice(0)) job.settle(error)
  }

  const deal = () => {
    if (bytesWaiting < mostBytesWaiting) for (const go of hungry.splice(0)) go()
    if (closed) return
    const wanted = Math.min(mostProcesses, Math.ceil(bytesWaiting / bytesWorthAProcess), queue.length)
    while (children.size < wanted) start()
    for (const child of children) {
      while (child.waiting.length < ahead && queue.length > 0) {
        const job = queue.shift()
        if (job !== undefined) child.give(job)
      }
    }
    if (bytesWaiting > 0) return
    clearTimeout(idle)
    idle = setTimeout(() => void (bytesWaiting === 0 && retire()), idleTime).unref()
  }

  const retire = async () => {
    const ending = [...children].map((child) => child.end())
    children.clear()
    await Promise.all(ending)
  }

  const ask = (question: Question, content: Buffer, fault: (why: string) => unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (closed) return reject(new Error('the dependency mapper is closed'))
      bytesWaiting += content.length
      const settle = (reading: unknown) => {
        bytesWaiting -= content.length
        if (reading instanceof Error) reject(reading)
        else resolve(reading)
      }
      queue.push({ question, content, settle, fail: (why) => settle(fault(why)) })
      deal()
    })

  return {
    references: async (language, content) => {
      const question: Question = { asked: 'references', language }
      return (await ask(question, content, (fault) => ({ references: [], fault }))) as ModuleReading
    },
    exports: async (language, content) => {
      const question: Question = { asked: 'exports', language }
      return (await ask(question, content, (fault) => ({ names: [], fault }))) as ExportsReading
    },
    room: () => (bytesWaiting < mostBytesWaiting ? null : new Promise((resolve) => hungry.push(resolve))),
    close: async () => {
      closed = true
      clearTimeout(idle)
      refuse(new Error('the dependency mapper is closed'))
      await retire()
    },
  }
}
