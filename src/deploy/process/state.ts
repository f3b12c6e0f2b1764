import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'

const Process = z.object({ pid: z.int(), start: z.string() })

/** `process` is null while a start is intended and not yet known to have happened. */
const Slot = z.object({
  sha: z.string(),
  prepared: z.boolean(),
  port: z.int().nullable(),
  process: Process.nullable(),
})
export type Slot = z.output<typeof Slot>

export type SlotName = 'a' | 'b'

const State = z.object({
  /** The slot that the front sends people to. */
  live: z.enum(['a', 'b']).nullable(),
  slots: z.object({ a: Slot.nullable(), b: Slot.nullable() }),
})
export type State = z.output<typeof State>

const NOTHING: State = { live: null, slots: { a: null, b: null } }

/** @throws {Error} when the file is there and is not what Pawl wrote. */
export function readState(file: string): State {
  const text = readOrNull(file)
  if (text === null) return NOTHING
  const parsed = State.safeParse(JSON.parse(text))
  if (parsed.success) return parsed.data
  throw new Error(`${file} is not a state of two slots. Stop the service by hand and remove the file`)
}

export function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** Readers see the old text or the new one, and the new one stays after a power failure. */
export function writeAtomically(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const fresh = `${file}.new`
  const descriptor = openSync(fresh, 'w', 0o600)
  try {
    writeSync(descriptor, JSON.stringify(value))
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  renameSync(fresh, file)
}
