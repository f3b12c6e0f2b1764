import { DBOS } from '@dbos-inc/dbos-sdk'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { EngineLogger } from './logger.ts'

/** One run of the engine in this process, from launch to stop. */
export type Session = {
  /** The connection that holds this instance's proof of life; also for the few statements of our own. */
  client: pg.Client
  logger: EngineLogger
  /** Aborted when stopping begins: from then on workflows stand still at their next call. */
  stopping: AbortController
  /** Set when the engine lets go of the database: what fails from then on fails because of that. */
  closed: boolean
  /** How many calls are under way whose results are still to be recorded. */
  busy: number
  whenIdle: (() => void) | null
}

let current: Session | null = null

/** The library has one engine a process, so there is one session at a time. */
export function openSession(client: pg.Client, logger: EngineLogger): Session {
  current = { client, logger, stopping: new AbortController(), closed: false, busy: 0, whenIdle: null }
  return current
}

export function closeSession(): void {
  current = null
}

export function isLaunched(): boolean {
  return current !== null
}

/** @throws {Error} when the engine is not launched, or is stopping and the caller is not a workflow. */
export function session(): Session {
  if (!current) throw new Error('The engine is not launched: call launchEngine() first.')
  if (current.stopping.signal.aborted && !DBOS.isWithinWorkflow()) {
    throw new Error('The engine is stopping and takes nothing new; try again after the next start.')
  }
  return current
}

/** A promise that never settles: how a workflow of this process ends when another process is to go on with it. */
export const standStill = (): Promise<never> => new Promise(() => {})

/** Resolves when nothing is left whose result is still to be recorded, or after `ms`. */
export async function idle(of: Session, ms: number): Promise<void> {
  if (of.busy === 0) return
  let timer: NodeJS.Timeout | undefined
  await new Promise<void>((resolve) => {
    of.whenIdle = resolve
    timer = setTimeout(resolve, ms)
  })
  clearTimeout(timer)
}

/** Sleeps within a call under way; when stopping begins the call is given up, and begins again at the next launch. */
export async function pause(of: Session, ms: number): Promise<void> {
  try {
    await sleep(ms, undefined, { signal: of.stopping.signal })
  } catch {
    release(of)
    await standStill()
  }
}

function release(of: Session): void {
  of.busy -= 1
  if (of.busy === 0) of.whenIdle?.()
}

/**
 * Runs one call of a workflow to the engine. Once stopping has begun it does not begin, and what breaks because the
 * database was let go never reaches the workflow: its `catch` would take a restart for a failure and roll back.
 */
export async function act<T>(call: (of: Session) => Promise<T>): Promise<T> {
  const of = session()
  if (of.stopping.signal.aborted && DBOS.isInWorkflow()) return standStill()
  of.busy += 1
  try {
    const result = await call(of)
    release(of)
    return result
  } catch (error) {
    if (of.closed) return standStill()
    release(of)
    throw error
  }
}

/** The same for a wait, which may take days: stopping does not wait for it. */
export async function wait<T>(call: () => Promise<T>): Promise<T> {
  const of = session()
  if (of.stopping.signal.aborted) return standStill()
  try {
    return await call()
  } catch (error) {
    if (of.stopping.signal.aborted) return standStill()
    throw error
  }
}
