import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import type { Kind, Records, Store } from './contract.ts'

type Id = number | string
type Row = { kind: Kind; json: string }
type Write = { sql: 'put' | 'remove' | 'sequence'; values: Id[] }

// Exclusive: a second process on the same file is refused, and the kernel drops the lock at any death. A killed process
// loses nothing under NORMAL; only a power cut could.
const schema = `
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS records (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  json TEXT NOT NULL,
  UNIQUE (kind, id)
);
CREATE TABLE IF NOT EXISTS sequences (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
`

/** Opens the store at `file`, making it and its folder where missing. Throws when another process has it open. */
export function openStore(file: string): Store {
  mkdirSync(dirname(file), { recursive: true })
  const database = open(file)
  const statements = {
    put: database.prepare(
      'INSERT INTO records (kind, id, json) VALUES (?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET json = excluded.json',
    ),
    remove: database.prepare('DELETE FROM records WHERE kind = ? AND id = ?'),
    sequence: database.prepare(
      'INSERT INTO sequences (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    ),
  }
  const memory = new Memory()
  for (const { kind, json } of database.prepare('SELECT kind, json FROM records ORDER BY position').all() as Row[]) {
    memory.put(kind, JSON.parse(json) as Records[Kind])
  }
  const sequences = new Map<string, number>()
  for (const { name, value } of database.prepare('SELECT name, value FROM sequences').all()) {
    sequences.set(String(name), Number(value))
  }

  let pending: Write[] = []
  let closed = false
  function write(sql: Write['sql'], ...values: Id[]): void {
    // A request that outlives the server changes nothing any more, as after a kill.
    if (closed) return
    if (pending.length === 0) queueMicrotask(flush)
    pending.push({ sql, values })
  }

  function flush(): void {
    if (pending.length === 0) return
    const writes = pending
    pending = []
    database.exec('BEGIN')
    for (const { sql, values } of writes) statements[sql].run(...values)
    database.exec('COMMIT')
  }

  return {
    get: (kind, id) => memory.get(kind, id),
    list: (kind, repositoryId) => memory.list(kind, repositoryId),
    put(kind, record) {
      memory.put(kind, record)
      write('put', kind, String(record.id), JSON.stringify(record))
      return record
    },
    remove(kind, id) {
      if (memory.remove(kind, id)) write('remove', kind, String(id))
    },
    next(sequence) {
      const value = (sequences.get(sequence) ?? 0) + 1
      sequences.set(sequence, value)
      write('sequence', sequence, value)
      return value
    },
    flush,
    close() {
      flush()
      closed = true
      database.close()
    },
  }
}

function open(file: string): DatabaseSync {
  const database = new DatabaseSync(file)
  try {
    database.exec(schema)
    return database
  } catch (cause) {
    database.close()
    throw new Error(
      `${file} cannot be opened: ${String(cause)}. If another process serves this folder, stop it or name another folder.`,
      { cause },
    )
  }
}

/** All records by kind, and those of a repository by kind and repository, each in the order of creation. */
class Memory {
  readonly #all = new Map<string, Map<Id, Records[Kind]>>()

  get<K extends Kind>(kind: K, id: Id): Records[K] | undefined {
    return this.#of(kind).get(id)
  }

  list<K extends Kind>(kind: K, repositoryId?: number): Records[K][] {
    return [...this.#of(kind, repositoryId).values()]
  }

  put<K extends Kind>(kind: K, record: Records[K]): void {
    this.#of(kind).set(record.id, record)
    if ('repositoryId' in record) this.#of(kind, record.repositoryId).set(record.id, record)
  }

  remove(kind: Kind, id: Id): boolean {
    const record = this.get(kind, id)
    if (record === undefined) return false
    this.#of(kind).delete(id)
    if ('repositoryId' in record) this.#of(kind, record.repositoryId).delete(id)
    return true
  }

  // The one place that knows that a kind's map holds that kind's records.
  #of<K extends Kind>(kind: K, repositoryId?: number): Map<Id, Records[K]> {
    const name = repositoryId === undefined ? kind : `${kind}/${repositoryId}`
    let found = this.#all.get(name)
    if (found === undefined) this.#all.set(name, (found = new Map()))
    return found as Map<Id, Records[K]>
  }
}
