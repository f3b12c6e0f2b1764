import { answer, notFound, refuse } from '../answers.ts'
import type { Answer, Call, Handler, Handlers, World } from '../contract.ts'
import { text } from '../json.ts'
import type { DeliveryRecord } from '../records.ts'
import { deliveryItemView, deliveryView } from '../views/delivery.ts'

const config: Handler = (_call, world) =>
  answer(200, { content_type: 'json', insecure_ssl: '0', secret: '********', url: world.hookUrl() ?? '' })

const wasTried = ({ response }: DeliveryRecord): boolean => response !== null
const succeeded = ({ response }: DeliveryRecord): boolean =>
  response !== null && response.status >= 200 && response.status < 300

/** Newest first. The cursor is the id of the last one seen. */
const list: Handler = (call, world): Answer => {
  const { query } = call
  const perPage = Number(query['per_page'] ?? 30)
  const status = text(query['status'])
  const cursor = text(query['cursor'])
  if (cursor !== undefined && !/^v1_\d+$/.test(cursor)) return refuse(400, 'Invalid cursor')
  const before = cursor === undefined ? Infinity : Number(cursor.slice(3))
  const found = world.store
    .list('delivery')
    .filter((each) => wasTried(each) && each.id < before)
    .filter((each) => status === undefined || succeeded(each) === (status === 'success'))
    .toReversed()
  const shown = found.slice(0, perPage)
  const last = shown.at(-1)
  const next = `${world.apiUrl}/app/hook/deliveries?per_page=${perPage}&cursor=v1_${last?.id ?? 0}`
  const headers: Record<string, string> = found.length > perPage ? { link: `<${next}>; rel="next"` } : {}
  return { ...answer(200, shown.map(deliveryItemView)), headers }
}

function findDelivery(call: Call, world: World): DeliveryRecord | undefined {
  const delivery = world.store.get('delivery', call.number('delivery_id'))
  return delivery !== undefined && wasTried(delivery) ? delivery : undefined
}

const get: Handler = (call, world) => {
  const delivery = findDelivery(call, world)
  return delivery === undefined ? notFound() : answer(200, deliveryView(delivery, world.hookUrl() ?? ''))
}

/** The same body under the same guid, as a delivery of its own. */
const redeliver: Handler = (call, world) => {
  const delivery = findDelivery(call, world)
  if (delivery === undefined) return notFound()
  world.deliver({
    ...delivery,
    id: world.id(),
    redelivery: true,
    queuedAt: new Date().toISOString(),
    deliveredAt: null,
    durationMs: 0,
    requestHeaders: {},
    response: null,
  })
  return answer(202, {})
}

export const appHook: Handlers = {
  'apps/get-webhook-config-for-app': config,
  'apps/list-webhook-deliveries': list,
  'apps/get-webhook-delivery': get,
  'apps/redeliver-webhook-delivery': redeliver,
}
