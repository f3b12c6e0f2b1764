import { startEmbeddedPostgres } from '../../src/database/embedded-postgres.ts'

// A process that owns the database of a directory until it is killed, or told by a message to stop.
const [dir = ''] = process.argv.slice(2)
try {
  const server = await startEmbeddedPostgres(dir)
  process.send?.({ url: server.url })
  process.once('message', () => void server.stop().then(() => process.exit(0)))
} catch (error) {
  process.send?.({ failed: String(error) })
  process.exit(1)
}
