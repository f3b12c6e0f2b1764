import type { OperationId } from './contract.ts'

interface RequestFault {
  /** Answers with this and does not perform the operation. Without it the operation is performed. */
  status?: number
  message?: string
  headers?: Record<string, string>
  /** How many requests it meets; default 1. */
  times?: number
  /** Waits this long before anything else. */
  delayMs?: number
  /** Performs the operation, then cuts the connection without an answer. */
  afterwards?: boolean
}

export interface WebhookFaults {
  /** Says by event name which deliveries never arrive; the delivery log shows them as failed. */
  drop?: (event: string) => boolean
  /** Each delivery arrives twice, under the same id. */
  duplicate?: boolean
  /** Deliveries that wait for each other arrive in the opposite order. */
  reorder?: boolean
}

/** What goes wrong on purpose. Only requests of the app meet faults, not those of people and workflows. */
export interface Faults {
  next(operation: OperationId, fault: RequestFault): void
  webhooks(mode: WebhookFaults): void
}

export interface PlannedFaults extends Faults {
  /** The fault that this request meets, used up by it. */
  take(operation: OperationId): RequestFault | undefined
  webhookMode(): WebhookFaults
}

export function createFaults(): PlannedFaults {
  const planned = new Map<OperationId, RequestFault[]>()
  let mode: WebhookFaults = {}
  return {
    next(operation, fault) {
      const { times = 1, ...each } = fault
      const waiting = planned.get(operation) ?? []
      planned.set(operation, [...waiting, ...Array.from({ length: times }, () => each)])
    },
    webhooks: (chosen) => void (mode = chosen),
    take: (operation) => planned.get(operation)?.shift(),
    webhookMode: () => mode,
  }
}
