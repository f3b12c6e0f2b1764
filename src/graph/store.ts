import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import type { Reading } from './reading.ts'

/** Readings by key, kept on disk for the next start. */
export type Store = {
  get(keys: string[]): Map<string, Reading>
  put(readings: Map<string, Reading>): void
  close(): void
}

/** Part of the file's name: readings of another form must not be taken for ours. Raise it whenever a reader changes. */
const version = 1
/** How long one process waits for another that writes, in ms. */
const patience = 2_000

/** A store in a directory, which is made when missing. Several processes may share it. */
export function openStore(directory: string): Store {
  mkdirSync(directory, { recursive: true })
  const database = new DatabaseSync(join(directory, `readings-${version}.sqlite`), { timeout: patience })
  // What a power cut takes is read again; it is only a cache.
  database.exec('pragma journal_mode = wal; pragma synchronous = off')
  database.exec('create table if not exists readings (key text primary key, reading text) without rowid')
  const select = database.prepare('select reading from readings where key = ?')
  const insert = database.prepare('insert or ignore into readings values (?, ?)')
  return {
    get: (keys) => {
      const found = new Map<string, Reading>()
      for (const key of keys) {
        const row = select.get(key)
        if (typeof row?.['reading'] === 'string') found.set(key, JSON.parse(row['reading']) as Reading)
      }
      return found
    },
    put: (readings) => {
      database.exec('begin immediate')
      for (const [key, reading] of readings) insert.run(key, JSON.stringify(reading))
      database.exec('commit')
    },
    close: () => database.close(),
  }
}
