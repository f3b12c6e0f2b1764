import type { JobState, RunReport, RunRequest } from './contract.ts'

type LogReport = Extract<RunReport, { kind: 'log' }>
type RunPart = Omit<Extract<RunReport, { kind: 'run' }>, 'kind' | 'at'>

/** Tells what happens in a run, in order and one report at a time; nobody waits for it but `flush`. */
export interface Reporter {
  run: (part: RunPart) => void
  /** Takes a copy: later changes of the job need a report of their own. */
  job: (state: JobState) => void
  log: (jobKey: string, step: number, text: string) => void
  /** Aborted when a report was rejected: the run must end then. */
  failed: AbortSignal
  /** Resolves when everything is told; rejects with what a report was rejected with. */
  flush: () => Promise<void>
}

/** Reports of a run through `report`, stamped by `now`. Log text that has to wait is put together. */
export function createReporter(report: RunRequest['report'], now: () => Date): Reporter {
  const waiting: RunReport[] = []
  const failed = new AbortController()
  let telling: Promise<void> | null = null
  const tellAll = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await report(next)
  }
  const begin = () => {
    if (telling !== null || failed.signal.aborted) return
    telling = tellAll()
      .catch((error: unknown) => failed.abort(error))
      .finally(() => {
        telling = null
        // Something may have come after the last look.
        if (waiting.length > 0) begin()
      })
  }
  const add = (next: RunReport) => {
    waiting.push(next)
    begin()
  }
  const at = () => now().toISOString()
  return {
    run: (part) => add({ kind: 'run', ...part, at: at() }),
    job: (state) => add({ kind: 'job', job: structuredClone(state), at: at() }),
    log(jobKey, step, text) {
      const last = waiting.at(-1)
      if (last !== undefined && isSameLog(last, jobKey, step)) last.text += text
      else add({ kind: 'log', jobKey, step, text, at: at() })
    },
    failed: failed.signal,
    async flush() {
      while (telling !== null) await telling
      if (failed.signal.aborted) throw failed.signal.reason
    },
  }
}

function isSameLog(report: RunReport, jobKey: string, step: number): report is LogReport {
  return report.kind === 'log' && report.jobKey === jobKey && report.step === step
}
