import { RequestError } from '@octokit/request-error'

/** The status of a failed request, or `null` when the failure is not GitHub's answer (network, bug). */
export function statusOf(error: unknown): number | null {
  return error instanceof RequestError ? error.status : null
}

/** Runs a request for which some refusals are ordinary answers; those come back as values, all else is thrown. */
export async function expecting<T>(
  statuses: number[],
  request: () => Promise<T>,
): Promise<{ ok: true; value: T } | { ok: false; status: number; message: string }> {
  try {
    return { ok: true, value: await request() }
  } catch (error) {
    const status = statusOf(error)
    if (status === null || !statuses.includes(status) || isRateLimit(error)) throw error
    return { ok: false, status, message: messageOf(error) }
  }
}

/** Whether GitHub could not be reached, is broken itself, or has heard too much of us for now. */
export function isGitHubAway(error: unknown): boolean {
  return isRateLimit(error) || (error instanceof RequestError && error.status >= 500)
}

/** GitHub refuses with 403 and 429 too when it is asked too often, which says nothing about the request itself. */
function isRateLimit(error: unknown): boolean {
  if (!(error instanceof RequestError) || (error.status !== 403 && error.status !== 429)) return false
  const headers = error.response?.headers ?? {}
  return (
    headers['retry-after'] !== undefined ||
    headers['x-ratelimit-remaining'] === '0' ||
    /rate limit/i.test(error.message)
  )
}

/** GitHub's own words without the link to its documentation. */
function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.replace(/ - https?:\S+$/, '')
}
