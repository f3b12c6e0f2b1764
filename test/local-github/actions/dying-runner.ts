import { createRunner } from '../../../src/local-github/actions/runner.ts'
import type { RunRequest } from '../../../src/local-github/actions/contract.ts'

// A process that runs one workflow and is killed by the test in the middle of it.
process.on('message', (request: Omit<RunRequest, 'token' | 'signal' | 'report'>) => {
  void createRunner().run({
    ...request,
    token: () => Promise.resolve('token'),
    signal: new AbortController().signal,
    report: (report) => void (report.kind === 'log' && process.send?.(report.text)),
  })
})
