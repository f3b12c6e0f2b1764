import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { defineWorkflow, launchEngine, publish, receive, step } from '../../src/engine.ts'
import type { FromInstance, Journey, ToInstance } from './instance-messages.ts'
import { silent } from './logger.ts'

// An instance of the engine in a process of its own. What its workflows do they write into the table `marks`, so that a
// test sees it from outside; a step named in `gates` goes on when the test puts its name there.
const [databaseUrl = ''] = process.argv.slice(2)
const pool = new pg.Pool({ connectionString: databaseUrl })

const mark = (id: string, what: string) =>
  pool.query('INSERT INTO marks (id, what, pid) VALUES ($1, $2, $3)', [id, what, process.pid])

const gate = async (name: string) => {
  while ((await pool.query('SELECT 1 FROM gates WHERE name = $1', [name])).rowCount === 0) await sleep(10)
}

const journey = defineWorkflow('journey', async ({ id, waits }: Journey) => {
  try {
    await step('first', async () => void (await mark(id, 'first')))
    await step('gated', async () => {
      await mark(id, 'gated begins')
      await gate(id)
      await mark(id, 'gated ends')
    })
    if (waits) {
      await publish('waiting', 'word')
      await step('before waiting', async () => void (await mark(id, 'waits')))
      const word = await receive<string>('inbox', Number.MAX_SAFE_INTEGER)
      await step('hear', async () => void (await mark(id, `heard ${word}`)))
    }
    await step('last', async () => void (await mark(id, 'last')))
    return 'arrived'
  } catch (error) {
    await mark(id, `caught ${String(error)}`)
    throw error
  }
})

const engine = await launchEngine({ databaseUrl, logger: silent })
const tell = (message: FromInstance) => process.send?.(message)

process.on('message', (message: ToInstance) => {
  const done =
    message.do === 'start'
      ? journey.start(message.journey.id, message.journey)
      : message.do === 'enqueue'
        ? journey.enqueue(message.journey.id, message.partition, message.journey)
        : engine.stop()
  done.then(
    () => tell('done'),
    (error: unknown) => tell({ failed: String(error) }),
  )
})
tell('ready')
