import type { Octokit } from '@octokit/rest'

/** A webhook that the app did not take. `guid` is its `X-GitHub-Delivery`; `tries` counts the times it was sent. */
export type FailedDelivery = { id: number; guid: string; event: string; tries: number }

/** A log of more failures than this is not read to its end: that is a webhook which never worked. */
const MOST_PAGES = 20

/**
 * The webhooks that failed since a moment (epoch ms), oldest first. One that failed and came through when it was sent again
 * is still among them: GitHub lists tries ("List deliveries for an app webhook").
 */
export async function failedDeliveries(asApp: Octokit, since: number): Promise<FailedDelivery[]> {
  const found = new Map<string, FailedDelivery>()
  const pages = asApp.paginate.iterator(asApp.apps.listWebhookDeliveries, { status: 'failure', per_page: 100 })
  let read = 0
  for await (const { data } of pages) {
    const recent = data.filter((each) => Date.parse(each.delivered_at) >= since)
    // A server that does not know the filter lists the others too.
    for (const { id, guid, event } of recent.filter((each) => each.status_code < 200 || each.status_code > 299)) {
      const known = found.get(guid)
      // Newest first: the first try comes last and gives the place in the order.
      found.delete(guid)
      found.set(guid, { id: known?.id ?? id, guid, event, tries: (known?.tries ?? 0) + 1 })
    }
    read += 1
    if (recent.length < data.length || read >= MOST_PAGES) break
  }
  return [...found.values()].toReversed()
}

/** Asks GitHub to send a webhook once more; it comes with the same `X-GitHub-Delivery`. */
export async function redeliver(asApp: Octokit, delivery: number): Promise<void> {
  await asApp.apps.redeliverWebhookDelivery({ delivery_id: delivery })
}
