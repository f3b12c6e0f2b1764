import type { Json, JsonObject } from '../contract.ts'
import type { DeliveryRecord } from '../records.ts'

/** GitHub's `hook-delivery-item`: one line of the log. Only for deliveries that were tried. */
export function deliveryItemView(delivery: DeliveryRecord): JsonObject {
  const code = delivery.response?.status ?? 0
  const status = code >= 200 && code < 300 ? 'OK' : delivery.response?.reason || `Invalid HTTP Response: ${code}`
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.deliveredAt,
    redelivery: delivery.redelivery,
    duration: delivery.durationMs / 1000,
    status,
    status_code: code,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.aboutRepositoryId,
    throttled_at: null,
  }
}

/** GitHub's `hook-delivery`: the same with request and response. */
export function deliveryView(delivery: DeliveryRecord, url: string): JsonObject {
  return {
    ...deliveryItemView(delivery),
    url,
    request: { headers: delivery.requestHeaders, payload: JSON.parse(delivery.payload) as Json },
    response: { headers: delivery.response?.headers ?? null, payload: delivery.response?.body ?? null },
  }
}
