import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { once } from 'node:events'
import { dirname } from 'node:path'

import type { Masks } from './masks.ts'
import type { Reporter } from './reporter.ts'
import { logPath } from './run-folder.ts'

/** What a job says, in its file and in reports, without secrets. */
export interface JobLog {
  /** Writes a text of one or more lines for a step. */
  write: (step: number, text: string) => void
  close: () => Promise<void>
}

/** A log ends here, in characters: a step that never stops talking must not fill the disk. */
const longestLog = 100_000_000

interface LogOptions {
  workDirectory: string
  jobKey: string
  masks: Masks
  reporter: Reporter
  now: () => Date
}

/** Opens the log of a job; the file begins anew. In it each line has its time before it, as in GitHub's. */
export async function openJobLog({ workDirectory, jobKey, masks, reporter, now }: LogOptions): Promise<JobLog> {
  const path = logPath(workDirectory, jobKey)
  await mkdir(dirname(path), { recursive: true })
  const file = createWriteStream(path)
  await once(file, 'open')
  let left = longestLog
  return {
    write(step, text) {
      if (left < 0) return
      left -= text.length
      const lines = (left < 0 ? '##[warning]The log is too long; the rest is not kept.' : masks.apply(text)).split('\n')
      const at = now().toISOString()
      file.write(lines.map((line) => `${at} ${line}\n`).join(''))
      reporter.log(jobKey, step, `${lines.join('\n')}\n`)
    },
    async close() {
      file.end()
      await once(file, 'close')
    },
  }
}
