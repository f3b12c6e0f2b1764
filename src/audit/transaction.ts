import type pg from 'pg'

/** Runs `work` in one transaction on a connection of the pool; an exception rolls it back and is thrown on. */
export async function transaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  // A connection may break between two queries, also during long work; the next query then fails. Without a listener it
  // would end the process.
  const breaks = (error: Error) => (broken = error)
  client.on('error', breaks)
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(breaks)
    throw error
  } finally {
    // A broken connection, or one that cannot even roll back, must not go back into the pool; it may complain once more.
    if (!broken) client.off('error', breaks)
    client.release(broken)
  }
}
