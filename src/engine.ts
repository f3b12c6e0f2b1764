import { DBOS } from '@dbos-inc/dbos-sdk'
import { DBOSExecutor } from '@dbos-inc/dbos-sdk/internal/dbos-executor'
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { withAttempts, type Attempt, type StepOptions } from './engine/attempts.ts'
import { libraryLogger, type EngineLogger } from './engine/logger.ts'
import {
  act,
  closeSession,
  idle,
  isLaunched,
  openSession,
  pause,
  session,
  standStill,
  wait,
  type Session,
} from './engine/session.ts'
import { launchAlone, proveLife, takeOver } from './engine/takeover.ts'
import type { Json } from './model.ts'

/** Runs one workflow at a time in each partition, partitions beside each other. */
const QUEUE = 'updates'

/** Never changed: waiting workflows belong to a version, and would wait for it for ever. Changes go through `patched()`. */
const VERSION = '1'

/** Each restart counts as a recovery, and a workflow may wait for days through many of them. */
const MAX_RECOVERIES = 10_000

export type EngineOptions = {
  databaseUrl: string
  /** A name no other instance has at the same time. Default: a new one at each launch. */
  executorId?: string
  logger: EngineLogger
}

/** `unfinished()` counts workflows that run, wait or stand in the queue. `stop()` waits up to `graceMs` (default 30 s) for running steps. */
export type Engine = { unfinished(): Promise<number>; stop(graceMs?: number): Promise<void> }

/**
 * Launches the durable engine; all workflows must have been defined before. Workflows that this or another instance left
 * behind go on by themselves.
 *
 * @throws {Error} when it is launched already: the library has one engine a process.
 *
 * Stopping: nothing new begins, steps under way end and are recorded, workflows stand still at their next call. They go on
 * from there at the next launch, or within seconds in another instance. A step that does not end in time runs again then.
 */
export async function launchEngine(options: EngineOptions): Promise<Engine> {
  const { databaseUrl, logger, executorId = `${hostname()}-${process.pid}-${randomUUID()}` } = options
  if (isLaunched())
    throw new Error('The engine is already launched in this process; stop it before launching it again.')
  // The proof of life comes first: without it another instance would take our first workflow for an orphan.
  const life = await proveLife(databaseUrl, executorId, logger)
  const opened = openSession(life.client, logger)
  DBOS.setConfig({
    name: 'pawl',
    systemDatabaseUrl: databaseUrl,
    executorID: executorId,
    applicationVersion: VERSION,
    enablePatching: true,
    systemDatabaseIdleTransactionTimeoutMs: 0,
    logger: libraryLogger(logger, () => opened.closed),
  })
  try {
    await launchAlone(life.client, () => DBOS.launch())
    await DBOS.registerQueue(QUEUE, { partitionConcurrency: 1, minPollingIntervalMs: 250 })
  } catch (error) {
    await DBOS.shutdown()
    closeSession()
    await life.end()
    throw error
  }
  const sweeping = takeOver(life, executorId, logger, opened.stopping.signal)
  return {
    async unfinished() {
      const { rows } = await life.client.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM dbos.workflow_status WHERE status IN ('PENDING', 'ENQUEUED')`,
      )
      return rows[0]?.count ?? 0
    },
    async stop(graceMs = 30_000) {
      opened.stopping.abort()
      await sweeping
      await DBOSExecutor.globalInstance?.deactivateEventReceivers()
      await idle(opened, graceMs)
      opened.closed = true
      await DBOS.shutdown()
      closeSession()
      await life.end()
    },
  }
}

export type Workflow<Input, Output> = {
  /** Begins at once. With the id of a workflow that exists it does nothing. */
  start(id: string, input: Input): Promise<void>
  /** Begins when its turn in the partition comes, in order of enqueueing. With an id that exists it does nothing. */
  enqueue(id: string, partition: string, input: Input, attributes?: Record<string, Json>): Promise<void>
  /** Waits for the end of the workflow `id`; throws what it threw. Waits for ever if there is none of that id. */
  result(id: string): Promise<Output>
}

const bodies = new Map<string, (input: never) => Promise<unknown>>()
const entries = new Map<string, (input: unknown) => Promise<unknown>>()

/**
 * Defines a durable workflow; before `launchEngine`. Its body calls only this module and `step()`s, and decides from
 * nothing but its input and their results, for it is run again from the top after a restart. Input and results are kept as
 * JSON. Defining a name again replaces its body.
 */
export function defineWorkflow<Input, Output>(
  name: string,
  body: (input: Input) => Promise<Output>,
): Workflow<Input, Output> {
  if (isLaunched()) throw new Error(`The workflow ${name} must be defined before the engine is launched.`)
  bodies.set(name, body)
  const entry = entries.get(name) ?? register(name)
  const begin = (id: string, input: Input, more: Parameters<typeof DBOS.startWorkflow>[1]) =>
    act(async () => {
      await DBOS.startWorkflow(entry, { workflowID: id, ...more })(input)
    })
  return {
    start: (id, input) => begin(id, input, {}),
    enqueue: (id, partition, input, attributes = {}) =>
      begin(id, input, {
        queueName: QUEUE,
        workflowAttributes: { ...attributes, partition },
        enqueueOptions: { queuePartitionKey: partition },
      }),
    result: (id) => wait(() => DBOS.retrieveWorkflow<Output>(id).getResult({ pollingIntervalMs: 250 })),
  }
}

function register(name: string): (input: unknown) => Promise<unknown> {
  const run = async (input: unknown) => {
    const of = session()
    const body = bodies.get(name) as (input: unknown) => Promise<unknown>
    const [outcome] = await Promise.allSettled([body(input)])
    // Its end would be recorded in a database that is being let go; it ends again at the next launch, from its records.
    if (of.stopping.signal.aborted) return standStill()
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value
  }
  const entry = DBOS.registerWorkflow(run, { name, maxRecoveryAttempts: MAX_RECOVERIES })
  entries.set(name, entry)
  return entry
}

/**
 * Runs `run` once as a recorded step: after a restart its recorded result is used. A step interrupted by a kill runs
 * again, so acts must be idempotent. Expected failures are values; an error is tried again and then thrown. After a
 * restart a thrown error keeps name and message only.
 */
export function step<T>(name: string, run: (attempt: Attempt) => Promise<T>, options: StepOptions = {}): Promise<T> {
  return act((of) => {
    const workflow = DBOS.workflowID
    const failed = (error: unknown, attempt: number) =>
      of.logger.warn({ err: error, workflow, step: name, attempt }, 'An attempt of a step failed.')
    return DBOS.runStep(() => withAttempts(name, run, options, (ms) => pause(of, ms), failed), { name })
  })
}

/**
 * Waits for the next message on `topic` that was sent to this workflow, until `deadline` (epoch ms); `null` then. Only in
 * the body of a workflow. Put a `publish()` before it: that is where later versions may insert steps.
 */
export function receive<T>(topic: string, deadline: number): Promise<T | null> {
  return wait(() => DBOS.recv<T>(topic, { deadlineEpochMS: deadline }))
}

/** `absent`: there is no such workflow. `ended`: it will read nothing more. */
export type Sent = 'sent' | 'absent' | 'ended'

/**
 * Puts a message into a workflow's inbox; with the same key again it does nothing, also if the message was read
 * meanwhile. Works from anywhere: outside, in a step, in a body.
 */
export function send(workflowId: string, message: Json, topic: string, idempotencyKey: string): Promise<Sent> {
  const deliver = async (): Promise<Sent> => {
    const state = await lookUp(workflowId)
    if (state === 'absent') return 'absent'
    if (state !== 'waiting' && state !== 'running') return 'ended'
    await DBOS.send(workflowId, message, topic, idempotencyKey)
    return 'sent'
  }
  return act(() => (DBOS.isInWorkflow() ? DBOS.runStep(deliver, { name: `send to ${workflowId}` }) : deliver()))
}

/** The time in epoch ms; in a body the recorded one, which is the same after a restart. */
export function now(): Promise<number> {
  return act(() => DBOS.now())
}

/** Sets a value of this workflow that is seen from outside while it runs. Only in a body. */
export function publish(key: string, value: Json): Promise<void> {
  return act(() => DBOS.setEvent(key, value))
}

/**
 * Whether this workflow began under, or has not yet come to, the code that `patched(name)` guards; false for one that
 * went past it under older code. Stands before the `publish()` of a wait, never between that and `receive()`.
 */
export function patched(name: string): Promise<boolean> {
  return act(() => DBOS.patch(name))
}

/** The id of the workflow that this runs in, in its body or one of its steps. */
export function currentWorkflowId(): string {
  const id = DBOS.workflowID
  if (id === undefined) throw new Error('There is no current workflow: this runs outside of one.')
  return id
}

/** `waiting` stands in the queue and never began. A `cancelled` one was taken out of the queue. */
export type WorkflowState = 'absent' | 'waiting' | 'running' | 'succeeded' | 'failed' | 'cancelled'

/** How a workflow is. In a body, call it in a step. */
export function workflowStatus(id: string): Promise<WorkflowState> {
  return outsideBody('workflowStatus', () => lookUp(id))
}

export type Queued = { id: string; state: 'running' | 'waiting'; since: string }

/** Who has a place in the partition: first who runs (also when just interrupted), then who waits, in order of enqueueing. */
export function queued(partition: string): Promise<Queued[]> {
  return outsideBody('queued', async ({ client }) => {
    const { rows } = await client.query<{ id: string; begun: boolean; created: string }>(
      `SELECT workflow_uuid AS id, status = 'PENDING' OR recovery_attempts > 0 AS begun, created_at AS created
       FROM dbos.workflow_status
       WHERE queue_name = $1 AND queue_partition_key = $2 AND status IN ('PENDING', 'ENQUEUED')
       ORDER BY begun DESC, created_at, workflow_uuid`,
      [QUEUE, partition],
    )
    return rows.map(({ id, begun, created }) => ({
      id,
      state: begun ? 'running' : 'waiting',
      since: new Date(Number(created)).toISOString(),
    }))
  })
}

/**
 * Takes those of `ids` out of the queue that have not begun, in one statement, so that none of them can begin meanwhile.
 * Returns those that are out, in the order given; again the same when called again.
 */
export function cancelQueued(ids: string[]): Promise<string[]> {
  return outsideBody('cancelQueued', async ({ client }) => {
    // The library's own cancel would also stop one that began meanwhile, and leave its work half done.
    await client.query(
      `UPDATE dbos.workflow_status
       SET status = 'CANCELLED', owner_xid = NULL, queue_name = NULL, deduplication_id = NULL, started_at_epoch_ms = NULL,
           updated_at = (EXTRACT(EPOCH FROM now()) * 1000)::bigint,
           completed_at = (EXTRACT(EPOCH FROM now()) * 1000)::bigint
       WHERE workflow_uuid = ANY($1) AND queue_name = $2 AND status = 'ENQUEUED' AND recovery_attempts = 0`,
      [ids, QUEUE],
    )
    const { rows } = await client.query<{ id: string }>(
      `SELECT workflow_uuid AS id FROM dbos.workflow_status
       WHERE workflow_uuid = ANY($1) AND status = 'CANCELLED' AND recovery_attempts = 0`,
      [ids],
    )
    const out = new Set(rows.map(({ id }) => id))
    return ids.filter((id) => out.has(id))
  })
}

async function lookUp(id: string): Promise<WorkflowState> {
  const { rows } = await session().client.query<{ status: string; begun: boolean }>(
    `SELECT status, queue_name IS DISTINCT FROM $2 OR recovery_attempts > 0 AS begun
     FROM dbos.workflow_status WHERE workflow_uuid = $1`,
    [id, QUEUE],
  )
  const row = rows[0]
  if (!row) return 'absent'
  if (row.status === 'SUCCESS') return 'succeeded'
  if (row.status === 'CANCELLED') return 'cancelled'
  if (row.status === 'PENDING') return 'running'
  // Those that are taken over after a crash are enqueued again, but they began already.
  if (row.status === 'ENQUEUED') return row.begun ? 'running' : 'waiting'
  return 'failed'
}

/** For what is not recorded, and would so be answered anew, and maybe otherwise, when a body is run again. */
function outsideBody<T>(name: string, call: (of: Session) => Promise<T>): Promise<T> {
  if (DBOS.isInWorkflow()) throw new Error(`${name}() is not recorded: in a workflow, call it in a step.`)
  return act(call)
}
