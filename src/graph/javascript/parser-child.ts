import { spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'

import type { Answer, Question } from './frames.ts'
import { writeHeader } from './frames.ts'

export type Job = {
  question: Question
  content: Buffer
  settle: (reading: unknown) => void
  fail: (fault: string) => void
}

export type ParserChild = {
  /** Jobs given and not answered, oldest first. */
  waiting: Job[]
  give(job: Job): void
  /** Lets an idle process go, and kills one that works; resolves when it is gone. */
  end(): Promise<void>
}

export type ParserSettings = {
  /** How long one text may take, in ms. */
  patience: number
  /** Where the process keeps its own compiled code: it then starts three times as fast. */
  codeCache?: string
}

/** How long a process may take to start on a machine that is busy, in ms. */
const startPatience = 60_000
/** What is parsed is thrown away at once, so little memory for young objects costs no time. In megabytes. */
const frugal = ['--max-semi-space-size=2', '--max-old-space-size=512']
const program = fileURLToPath(new URL('parser-process.ts', import.meta.url))

/**
 * One parser process. When it dies, or is silent on one text for `patience` ms and is killed for it, `onEnd` gets the
 * job it died of and those it did not come to; one that never started died of none.
 */
export function startParser(
  { patience, codeCache }: ParserSettings,
  onAnswer: () => void,
  onEnd: (end: { started: boolean; of: Job | null; why: string; rest: Job[] }) => void,
): ParserChild {
  const child = spawn(process.execPath, [...frugal, program], {
    stdio: ['pipe', 'pipe', 'ignore'],
    // Nothing of the service's environment: what is parsed is a stranger's.
    env: codeCache === undefined ? {} : { NODE_COMPILE_CACHE: codeCache },
  })
  const waiting: Job[] = []
  let number = 0
  let answered = 0
  let ready = false
  let line = ''
  let why = ''
  let timer: NodeJS.Timeout | undefined

  // A process that has nothing to do must not keep the service's process from ending.
  const output = child.stdout as Socket
  let ending = false
  const rest = () => {
    if (ending) return
    child.unref()
    output.unref()
  }
  const hold = () => {
    child.ref()
    output.ref()
  }
  const watch = () => {
    if (waiting.length === 0) {
      clearTimeout(timer)
      timer = undefined
      rest()
    } else if (timer === undefined) {
      const limit = ready ? patience : startPatience
      timer = setTimeout(() => {
        why = `${ready ? 'parsing' : 'starting'} took longer than ${limit} ms`
        child.kill('SIGKILL')
      }, limit)
    } else timer.refresh()
  }
  let over = false
  const end = (reason: string) => {
    if (over) return
    over = true
    clearTimeout(timer)
    const [first = null, ...others] = ready ? waiting.splice(0) : []
    onEnd({ started: ready, of: first, why: why || reason, rest: ready ? others : waiting.splice(0) })
  }
  child.stdin.on('error', () => {})
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (line + text).split('\n')
    line = lines.pop() ?? ''
    for (const whole of lines) {
      if (!ready) {
        ready = whole === 'ready'
        clearTimeout(timer)
        timer = undefined
      } else {
        const answer = JSON.parse(whole) as Answer
        if (answer.number !== answered++) throw new Error('a parser process answered out of turn')
        waiting.shift()?.settle(answer.reading)
      }
    }
    watch()
    onAnswer()
  })
  child.once('error', (error) => end(error.message))
  const gone = new Promise<void>((resolve) => {
    child.once('close', (code, signal) => {
      end(`the parser ended (${signal ?? code})`)
      resolve()
    })
  })
  rest()

  return {
    waiting,
    give: (job) => {
      if (waiting.length === 0) hold()
      waiting.push(job)
      child.stdin.cork()
      child.stdin.write(writeHeader(number++, job.question, job.content.length))
      child.stdin.write(job.content)
      child.stdin.uncork()
      if (waiting.length === 1) watch()
    },
    end: () => {
      ending = true
      hold()
      if (waiting.length > 0) child.kill('SIGKILL')
      else child.stdin.end()
      return gone
    },
  }
}
