import type { Config } from '../config.ts'

/** Whether an external service answers as configured. */
export async function reach(
  service: Config['preflight']['services'][number],
): Promise<{ url: string; ok: boolean; detail: string }> {
  const { url, expect, within } = service
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(within) })
    await response.body?.cancel()
    return { url, ok: response.status === expect, detail: `it answered ${response.status}, not ${expect}` }
  } catch (error) {
    return { url, ok: false, detail: error instanceof Error ? error.message : String(error) }
  }
}
