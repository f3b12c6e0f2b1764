import { join } from 'node:path'

import type { AppSettings, EmittedHappening, Handlers, Violation, World } from './contract.ts'
import { createEmitter, type Emitter } from './emit.ts'
import { createFaults, type PlannedFaults } from './faults.ts'
import { repositoryPath } from './git/repository.ts'
import { createMutex } from './mutex.ts'
import { operationById } from './openapi/description.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import { userByLogin } from './people.ts'
import { createRateLimits, type RateLimits } from './rate-limits.ts'
import type { RepositoryRecord } from './records.ts'
import { createRouter, type Perform } from './router.ts'
import { openStore } from './store.ts'

export interface Machinery {
  world: World
  perform: Perform
  outbox: Outbox
  faults: PlannedFaults
  limits: RateLimits
  tell: Emitter['tell']
  violations: Violation[]
  /** Work that `world.background` was given and that is not done. */
  running: Set<Promise<void>>
}

export interface WorldOptions {
  data: string
  url: string
  app: AppSettings
  jobs: number
  handlers: Handlers
}

/** Opens the data folder and joins store, router, emitter and outbox into what handlers are given. */
export function createWorld(options: WorldOptions): Machinery {
  const { data, url, app, jobs } = options
  const store = openStore(join(data, 'store.sqlite'))
  const limits = createRateLimits()
  const faults = createFaults()
  const violations: Violation[] = []
  const running = new Set<Promise<void>>()

  const world: World = {
    url,
    apiUrl: `${url}/api/v3`,
    data,
    app,
    store,
    jobs,
    now: () => `${new Date().toISOString().slice(0, 19)}Z`,
    id: () => 1000 + store.next('id'),
    gitDir(repository: RepositoryRecord) {
      const [owner = '', name = ''] = repository.fullName.split('/')
      return repositoryPath(join(data, 'git'), owner, name)
    },
    exclusively: createMutex(),
    emit: (happening) => emitter.emit(happening),
    listen: (listener: (happening: EmittedHappening) => void) => emitter.listen(listener),
    background(work) {
      const task = work()
        .catch((error: unknown) => violation({ subject: 'background', part: 'fault', message: String(error) }))
        .finally(() => running.delete(task))
      running.add(task)
    },
    async act(login, id, { params, query = {}, body }) {
      const user = userByLogin(store, login)
      if (user === undefined) throw new Error(`nobody is called '${login}' here: add the user first`)
      const texts = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]))
      const operation = operationById(id)
      const caller = { kind: 'person', user } as const
      const answer = await perform({ operation, caller, params: texts, query, body, accept: '' })
      store.flush()
      return { status: answer.status, body: answer.body ?? null }
    },
    rateOf: (caller) => limits.of(caller),
    deliver: (delivery) => outbox.add(delivery),
    hookUrl: () => outbox.url(),
    violation,
  }

  function violation(found: Violation): void {
    violations.push(found)
  }

  const outbox = createOutbox(world, () => faults.webhookMode())
  const emitter = createEmitter(world, () => store.get('switch', 'hook')?.on ?? false)
  const perform = createRouter(world, options.handlers)
  return {
    world,
    perform,
    outbox,
    faults,
    limits,
    tell: (installation, message) => emitter.tell(installation, message),
    violations,
    running,
  }
}
