import { Worker } from 'node:worker_threads'
import type { GateName, MeasuredFile } from '../model.ts'
import { reporter } from './report.ts'
import type { ScannedFile, SecretPlace } from './secret-scan.ts'
import type { ReviewContext, Validator } from './validator.ts'

/** Secrets in lines that the change adds. What it finds is named by its kind and place, never repeated. */
export function secretsValidator(gate: GateName): Validator {
  const report = reporter(gate)
  return {
    name: 'secrets',
    async review(context) {
      const added: { path: string; content: string; old: Set<string> }[] = []
      for (const file of context.files) {
        context.signal.throwIfAborted()
        const found = await addedText(context, file)
        if (found !== null) added.push(found)
      }
      if (added.length === 0) return []
      const places = await scan(added, context.signal)
      return places.flatMap(({ path, kind, from, to }) => {
        const file = added.find((each) => each.path === path)
        const lines = file?.content.split('\n').slice(from - 1, to) ?? []
        // A secret counts when the change adds any line of it: the rest may have been there, waiting for its end.
        const fresh = lines.findIndex((line) => !file?.old.has(line))
        if (fresh < 0) return []
        const message = `The line looks like a secret (${kind}).`
        const remedy = 'Take it out of the change, and revoke it: whoever can read the issue or the branch has seen it.'
        return [report('error', 'secret-found', path, message, remedy, from + fresh)]
      })
    },
  }
}

async function addedText(context: ReviewContext, { path, from, kind }: MeasuredFile) {
  const content = kind === 'remove' ? null : await context.read(path)
  if (content === null) return null
  const before = kind === 'create' && from === undefined ? null : await context.readBase(from ?? path)
  return { path, content, old: new Set(before?.split('\n')) }
}

/**
 * Hostile text can keep a regular expression busy for ever, so the scan has a thread of its own that can be ended. It sees
 * no environment: the scanner prints what it scans when a variable tells it to.
 */
function scan(files: ScannedFile[], signal: AbortSignal): Promise<SecretPlace[]> {
  return new Promise((resolve, reject) => {
    const workerData = files.map(({ path, content }) => ({ path, content }))
    const worker = new Worker(new URL('secret-scan.ts', import.meta.url), { workerData, env: {}, execArgv: [] })
    const cancel = () => {
      reject(new Error('the scan for secrets was stopped before its end'))
      void worker.terminate()
    }
    signal.addEventListener('abort', cancel, { once: true })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) => {
      signal.removeEventListener('abort', cancel)
      reject(new Error(`the scan for secrets ended with ${code}`))
    })
  })
}
