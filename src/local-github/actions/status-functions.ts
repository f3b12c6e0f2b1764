import type { ExpressionFunction } from './expression.ts'
import { toData } from './expression-data.ts'

/** `success()`, `failure()`, `cancelled()` and `always()` where the status is as given. */
export function statusFunctions(status: {
  success: boolean
  failure: boolean
  cancelled: boolean
}): ExpressionFunction[] {
  const answers = { ...status, always: true }
  return Object.entries(answers).map(([name, answer]) => ({
    name,
    minArgs: 0,
    maxArgs: 255,
    call: () => toData(answer),
  }))
}
