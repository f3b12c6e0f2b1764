import type { Finding, GateName } from '../model.ts'
import type { Validator } from './validator.ts'

/** What somebody outside of this room, such as a model, said of a change. */
export type Opinion =
  | {
      ok: true
      summary: string
      spent: string
      remarks: { blocks: boolean; path: string | null; line: number | null; message: string }[]
    }
  | { ok: false; reason: string; spent: string }

/**
 * A model's opinion as findings. It can only add to them: no answer lifts what another reviewer blocks, and no answer at all
 * blocks. Its words are those of others, on one line, and point only at files that have changed.
 */
export function reviewValidator(gate: GateName, ask: () => Promise<Opinion>): Validator {
  return {
    name: 'review',
    async review({ files }) {
      const opinion = await ask()
      const about = { gate, rule: 'review-found' } as const
      if (!opinion.ok) {
        const message = `The change was not reviewed: ${shown(opinion.reason)}. Spent: ${opinion.spent}.`
        const remedy = 'See to what stopped it, then comment /retry.'
        return [{ gate, severity: 'error', rule: 'reviewer-error', message, remedy }]
      }
      const changed = new Set(files.map(({ path }) => path))
      const remarks = opinion.remarks.map(({ blocks, path, line, message }): Finding => {
        const at = path !== null && changed.has(path)
        return {
          ...about,
          severity: blocks ? 'error' : 'warning',
          message: at || path === null ? shown(message) : `${shown(path)}: ${shown(message)}`,
          ...(blocks && { remedy: 'Correct the change, or settle with the people who maintain it that it is right.' }),
          ...(at && { path, ...(line !== null && { line }) }),
        }
      })
      const said = `The model says: ${shown(opinion.summary) || 'nothing'}. Spent: ${opinion.spent}.`
      return [...remarks, { ...about, severity: 'info', message: said }]
    },
  }
}

const shown = (text: string) => text.replace(/\s+/g, ' ').trim().slice(0, 1_000)
