import pg from 'pg'
import { inbox } from '../../src/audit/inbox.ts'

// A process that works off the inbox and writes down what it does, until it is killed. It dies in the midst of `deadly`.
const [databaseUrl = '', deadly = ''] = process.argv.slice(2)
const pool = new pg.Pool({ connectionString: databaseUrl })
inbox(pool).drain(async ({ id, payload }) => {
  await pool.query('INSERT INTO handled (id, payload, pid) VALUES ($1, $2, $3)', [
    id,
    JSON.stringify(payload),
    process.pid,
  ])
  if (id === deadly) process.kill(process.pid, 'SIGKILL')
})
