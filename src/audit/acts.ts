import type { Json } from '../model.ts'
import type { About } from './event.ts'
import type { AuditLog } from './log.ts'

/** `unknown`: begun once before, and nobody knows whether it came about; look at the thing itself. */
export type Intent = { state: 'new' } | { state: 'unknown' } | { state: 'done'; result: Json }

export type Acts = {
  /** Writes down what is about to be done, or says how far it came the last time. Call it before every outside write. */
  intend(key: string, about: About, what: Json): Promise<Intent>
  /** Writes down what came of it; only the first result counts. Throws when nothing was intended under this key. */
  settle(key: string, result: Json, at: string): Promise<void>
}

/** Intent before, result after: what makes a crash between an act and its record decidable. Both are audit events. */
export function acts(log: AuditLog): Acts {
  return {
    async intend(key, about, what) {
      const settled = await log.byKey(`${key}/result`)
      if (settled) return { state: 'done', result: settled.data }
      const { created } = await log.append({ ...about, kind: 'intent', data: what, key: `${key}/intent` })
      if (created) return { state: 'new' }
      // It may have been settled between the two questions.
      const late = await log.byKey(`${key}/result`)
      return late ? { state: 'done', result: late.data } : { state: 'unknown' }
    },

    async settle(key, result, at) {
      const intent = await log.byKey(`${key}/intent`)
      if (!intent) throw new Error(`There is no intent under the key ${key}: call intend() before settle().`)
      const { repo, issue, attempt, codename } = intent
      await log.append({ at, repo, issue, attempt, codename, kind: 'result', data: result, key: `${key}/result` })
    },
  }
}
