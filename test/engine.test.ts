import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import {
  cancelQueued,
  currentWorkflowId,
  defineWorkflow,
  launchEngine,
  now,
  patched,
  publish,
  queued,
  receive,
  send,
  step,
  workflowStatus,
  type Engine,
} from '../src/engine.ts'
import { StepTimeout, withAttempts } from '../src/engine/attempts.ts'
import { testDatabase, type TestDatabase } from './support/database.ts'
import { silent } from './support/logger.ts'

/** A gate that a step waits at until the test opens it. */
function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { open: () => open(), opened }
}

const gates = new Map<string, ReturnType<typeof gate>>()
const gateOf = (name: string) => {
  const known = gates.get(name) ?? gate()
  gates.set(name, known)
  return known
}
const log: string[] = []
afterEach(() => void log.splice(0))

/** Waits at its gate in a step, so that it holds its turn. */
const turn = defineWorkflow('turn', async (id: string) => {
  await step('at the gate', async () => {
    log.push(id)
    await gateOf(id).opened
  })
  return id
})
const listener = defineWorkflow('listener', async ({ messages, until }: { messages: number; until: number }) => {
  const heard: unknown[] = []
  for (let at = 0; at < messages; at++) {
    await publish('waiting', at)
    heard.push(await receive('inbox', until))
  }
  return heard
})
const FAR = 4_000_000_000_000
const sender = defineWorkflow('sender', async (to: string) => {
  const inBody = await send(to, 'from a body', 'inbox', 'body')
  const inStep = await step('send', () => send(to, 'from a step', 'inbox', 'step'))
  return [inBody, inStep]
})
const trier = defineWorkflow('trier', async ({ failures }: { failures: number }) => {
  try {
    return await step(
      'try',
      async ({ attempt }) => {
        log.push(`attempt ${attempt}`)
        if (attempt <= failures) throw new Error(`no ${attempt}`)
        return { attempt }
      },
      { intervalSeconds: 0.001 },
    )
  } catch (error) {
    return { failed: error instanceof Error ? error.message : '' }
  }
})
const thrower = defineWorkflow('thrower', async () => {
  await step('fail', () => Promise.reject(new TypeError('broken')), { attempts: 1 })
})
const teller = defineWorkflow('teller', async () => {
  const before = await now()
  const ids = [currentWorkflowId(), await step('who', async () => currentWorkflowId())]
  return { before, ids, patched: await patched('newer') }
})
const asker = defineWorkflow('asker', async () => {
  let refused = ''
  try {
    await queued('o/x')
  } catch (error) {
    refused = error instanceof Error ? error.message : ''
  }
  return [refused, await step('ask', () => workflowStatus('nobody'))]
})

let database: TestDatabase
let engine: Engine
beforeAll(async () => {
  database = await testDatabase()
  engine = await launchEngine({ databaseUrl: database.url, logger: silent })
})
afterAll(async () => {
  for (const each of gates.values()) each.open()
  await engine.stop()
  await database.drop()
})

const until = (expected: string[]) => vi.waitFor(() => expect(log).toEqual(expected), { timeout: 10_000, interval: 5 })

test('a workflow runs once for its id, however often it is started', async () => {
  gateOf('once').open()
  await Promise.all([turn.start('once', 'once'), turn.start('once', 'once'), turn.start('once', 'once')])
  expect(await turn.result('once')).toBe('once')
  await turn.start('once', 'once')
  await turn.enqueue('once', 'o/once', 'once')
  expect(await turn.result('once')).toBe('once')
  expect(log).toEqual(['once'])
  expect(await workflowStatus('once')).toBe('succeeded')
})

test('QUEUE-1 one at a time runs in a partition, in order of enqueueing; partitions run beside each other', async () => {
  for (const id of ['a1', 'a2', 'a3']) await turn.enqueue(id, 'o/a', id)
  await until(['a1'])
  await turn.enqueue('b1', 'o/b', 'b1')
  await until(['a1', 'b1'])
  for (const id of ['b1', 'a1', 'a2']) {
    gateOf(id).open()
    await turn.result(id)
  }
  await until(['a1', 'b1', 'a2', 'a3'])
  expect(await workflowStatus('a3')).toBe('running')
  gateOf('a3').open()
  await turn.result('a3')
})

test('QUEUE-4 the queue tells who runs and who waits, in order', async () => {
  expect(await queued('o/q')).toEqual([])
  for (const id of ['q1', 'q2', 'q3']) await turn.enqueue(id, 'o/q', id)
  await until(['q1'])
  const places = await queued('o/q')
  expect(places.map(({ id, state }) => [id, state])).toEqual([
    ['q1', 'running'],
    ['q2', 'waiting'],
    ['q3', 'waiting'],
  ])
  expect(Date.parse(places[0]?.since ?? '')).toBeLessThanOrEqual(Date.parse(places[2]?.since ?? ''))
  expect([await workflowStatus('q1'), await workflowStatus('q2')]).toEqual(['running', 'waiting'])
  expect(await workflowStatus('q9')).toBe('absent')
  await cancelQueued(['q2', 'q3'])
  gateOf('q1').open()
  await turn.result('q1')
})

test('QUEUE-2 who waits can be taken out of the queue; who runs, has ended or never was cannot', async () => {
  gateOf('c0').open()
  await turn.enqueue('c0', 'o/c', 'c0')
  await turn.result('c0')
  for (const id of ['c1', 'c2', 'c3']) await turn.enqueue(id, 'o/c', id)
  await until(['c0', 'c1'])
  expect(await cancelQueued(['c3', 'c0', 'c1', 'nobody', 'c2'])).toEqual(['c3', 'c2'])
  // A repeated step is answered the same.
  expect(await cancelQueued(['c2', 'c3'])).toEqual(['c2', 'c3'])
  expect([await workflowStatus('c1'), await workflowStatus('c2')]).toEqual(['running', 'cancelled'])
  expect((await queued('o/c')).map(({ id }) => id)).toEqual(['c1'])
  gateOf('c1').open()
  expect(await turn.result('c1')).toBe('c1')
  // The partition is free for the next one.
  gateOf('c4').open()
  await turn.enqueue('c4', 'o/c', 'c4')
  await turn.result('c4')
  expect(log).toEqual(['c0', 'c1', 'c4'])
  await turn.start('c2', 'c2')
  expect(await workflowStatus('c2')).toBe('cancelled')
})

/** How many messages the listener has read: what it last published. */
const read = async (id: string) => {
  const { rows } = await database.pool.query<{ value: string }>(
    `SELECT value FROM dbos.workflow_events WHERE workflow_uuid = $1 AND key = 'waiting'`,
    [id],
  )
  return Number(/\d+/.exec(rows[0]?.value ?? '-1')?.[0])
}

test('a message arrives once for its key, in order of sending, also when it was read already', async () => {
  await listener.start('listens', { messages: 3, until: FAR })
  expect(await send('listens', 'one', 'inbox', 'k1')).toBe('sent')
  expect(await send('listens', 'one', 'inbox', 'k1')).toBe('sent')
  await vi.waitFor(async () => expect(await read('listens')).toBe(1), { timeout: 10_000, interval: 10 })
  expect(await send('listens', 'one', 'inbox', 'k1')).toBe('sent')
  await send('listens', { two: [2] }, 'inbox', 'k2')
  await send('listens', null, 'elsewhere', 'k4')
  await send('listens', 'three', 'inbox', 'k3')
  expect(await listener.result('listens')).toEqual(['one', { two: [2] }, 'three'])
  expect(await send('listens', 'four', 'inbox', 'k5')).toBe('ended')
  expect(await send('nobody', 'one', 'inbox', 'k1')).toBe('absent')
})
test('a workflow sends from its body and from its steps', async () => {
  await listener.start('is told', { messages: 2, until: FAR })
  await sender.start('tells', 'is told')
  expect(await sender.result('tells')).toEqual(['sent', 'sent'])
  expect(await listener.result('is told')).toEqual(['from a body', 'from a step'])
})

test('a wait ends with nothing at its deadline', async () => {
  await listener.start('in vain', { messages: 1, until: Date.now() - 1 })
  expect(await listener.result('in vain')).toEqual([null])
})

test('a step is tried three times, and its last error is thrown into the body', async () => {
  await trier.start('third time', { failures: 2 })
  expect(await trier.result('third time')).toEqual({ attempt: 3 })
  await trier.start('never', { failures: 3 })
  expect(await trier.result('never')).toEqual({ failed: 'no 3' })
  expect(log).toEqual(['attempt 1', 'attempt 2', 'attempt 3', 'attempt 1', 'attempt 2', 'attempt 3'])
})

test('what a body throws is thrown to who waits for its result, and the workflow has failed', async () => {
  await thrower.start('throws', undefined)
  await expect(thrower.result('throws')).rejects.toThrow('broken')
  expect(await workflowStatus('throws')).toBe('failed')
})

test('a body knows the time, its own id and that it began under this code', async () => {
  const earliest = Date.now()
  await teller.start('tells all', undefined)
  const told = await teller.result('tells all')
  expect(told).toEqual({ before: expect.any(Number), ids: ['tells all', 'tells all'], patched: true })
  expect(told.before).toBeGreaterThanOrEqual(earliest)
  expect(() => currentWorkflowId()).toThrow('outside of one')
})

test('what is not recorded is refused in a body, where a restart would find another answer', async () => {
  await asker.start('asks', undefined)
  expect(await asker.result('asks')).toEqual(['queued() is not recorded: in a workflow, call it in a step.', 'absent'])
})

test('the engine is launched once, and workflows are defined before', async () => {
  await expect(launchEngine({ databaseUrl: database.url, logger: silent })).rejects.toThrow('already launched')
  expect(() => defineWorkflow('late', async () => null)).toThrow('late must be defined before the engine is launched')
})

test('two living instances cannot have the same name', async () => {
  const { rows } = await database.pool.query<{ executor_id: string }>('SELECT executor_id FROM dbos.workflow_status')
  const executorId = rows[0]?.executor_id ?? ''
  const { proveLife } = await import('../src/engine/takeover.ts')
  await expect(proveLife(database.url, executorId, silent)).rejects.toThrow(/Another instance named .* is running/)
})

const attempts = async (options: Parameters<typeof withAttempts>[2], failures: number, error = new Error('no')) => {
  const pauses: number[] = []
  const failed: number[] = []
  const outcome = await withAttempts(
    'it',
    async ({ attempt }) => {
      if (attempt <= failures) throw error
      return attempt
    },
    options,
    async (ms) => void pauses.push(ms),
    (_, attempt) => failed.push(attempt),
  ).catch((thrown: unknown) => thrown)
  return { outcome, pauses, failed }
}

test('pauses between attempts double from 2 s up to a minute', async () => {
  expect(await attempts({ attempts: 8 }, 7)).toEqual({
    outcome: 8,
    pauses: [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000],
    failed: [1, 2, 3, 4, 5, 6, 7],
  })
  const given = await attempts({ attempts: 3, intervalSeconds: 1, backoff: 10 }, 3)
  expect(given).toEqual({ outcome: new Error('no'), pauses: [1_000, 10_000], failed: [1, 2, 3] })
})

test('an error that is not worth another attempt is thrown at once, as it was', async () => {
  const error = new RangeError('final')
  const { outcome, failed } = await attempts({ shouldRetry: (thrown) => thrown !== error }, 3, error)
  expect(outcome).toBe(error)
  expect(failed).toEqual([1])
})

test('GATE-5 an attempt that takes too long is told to stop, and counts as failed', async () => {
  const signals: AbortSignal[] = []
  const hang = withAttempts(
    'hang',
    ({ signal }) => {
      signals.push(signal)
      return new Promise<never>(() => {})
    },
    { attempts: 2, timeoutMs: 5 },
    async () => {},
    () => {},
  )
  await expect(hang).rejects.toThrow(StepTimeout)
  await expect(hang).rejects.toThrow('The step "hang" took longer than 5 ms.')
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true])
})
