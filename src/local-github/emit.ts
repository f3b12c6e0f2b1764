import { randomUUID } from 'node:crypto'

import type { EmittedHappening, Happening, JsonObject, World } from './contract.ts'
import { webhooks } from './openapi/description.ts'
import { createFill } from './openapi/fill.ts'
import { checkWebhook, webhookSchema } from './openapi/validate.ts'
import type { EventName } from './openapi/webhooks.ts'
import { webhookKey } from './openapi/webhooks.ts'
import { userById } from './people.ts'
import type { InstallationRecord, RepositoryRecord } from './records.ts'
import { repositoryView } from './views/repository.ts'
import { organizationView, userView } from './views/user.ts'

/** Sent to every app, whatever it subscribes to. */
const ALWAYS: ReadonlySet<EventName> = new Set<EventName>(['ping', 'installation', 'installation_repositories'])

interface Message {
  event: EventName
  action: string | undefined
  payload: JsonObject
}

export interface Emitter {
  emit(happening: Happening): void
  listen(listener: (happening: EmittedHappening) => void): void
  /** About an installation itself; goes to its app only. */
  tell(installation: InstallationRecord, message: Message): void
}

/** Turns what happened into GitHub's webhooks: completes, checks, and puts those the app should get into the outbox. */
export function createEmitter(world: World, hookIsOn: () => boolean): Emitter {
  const fill = createFill(webhooks.components.schemas, world.apiUrl)
  const listeners: ((happening: EmittedHappening) => void)[] = []

  function complete({ event, action, payload }: Message): JsonObject {
    const schema = webhookSchema(event, action)
    const given = action === undefined ? payload : { action, ...payload }
    const filled = schema === undefined ? given : (fill(schema, given) as JsonObject)
    for (const message of checkWebhook(event, action, filled)) {
      world.violation({ subject: webhookKey(event, action), part: 'webhook', message })
    }
    return filled
  }

  function send(installation: InstallationRecord, message: Message, about: RepositoryRecord | null): void {
    if (!hookIsOn()) return
    world.deliver({
      id: world.id(),
      guid: randomUUID(),
      event: message.event,
      action: message.action ?? null,
      installationId: installation.id,
      aboutRepositoryId: about?.id ?? null,
      payload: JSON.stringify(message.payload),
      redelivery: false,
      queuedAt: new Date().toISOString(),
      deliveredAt: null,
      durationMs: 0,
      requestHeaders: {},
      response: null,
    })
  }

  return {
    emit(happening) {
      const { event, action, repository, sender } = happening
      const installation = installationOn(world, repository)
      const owner = userById(world.store, repository.ownerId)
      const payload = complete({
        event,
        action,
        payload: {
          ...happening.payload,
          repository: repositoryView(world, repository),
          ...(owner.type === 'Organization' ? { organization: organizationView(world, owner) } : {}),
          sender: userView(world, sender),
          ...(installation === undefined ? {} : { installation: installationView(installation) }),
        },
      })
      const subscribed = ALWAYS.has(event) || world.app.events.includes(event)
      if (installation !== undefined && subscribed) send(installation, { event, action, payload }, repository)
      for (const listener of listeners) listener({ ...happening, complete: payload })
    },
    listen: (listener) => void listeners.push(listener),
    tell(installation, message) {
      send(installation, { ...message, payload: complete(message) }, null)
    },
  }
}

/** The app's installation that covers a repository. */
export function installationOn(world: World, repository: RepositoryRecord): InstallationRecord | undefined {
  return world.store.list('installation').find(({ repositoryIds }) => repositoryIds.includes(repository.id))
}

const installationView = ({ id }: InstallationRecord): JsonObject => ({
  id,
  node_id: Buffer.from(`023:IntegrationInstallation${id}`).toString('base64'),
})
