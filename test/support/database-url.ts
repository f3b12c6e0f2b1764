/** The database that each test file gets a copy of. */
export const TEMPLATE = 'pawl_template'

/** The connection URL of another database on the same server. */
export function inDatabase(server: string, database: string): string {
  return server.replace(/\/[^/?]*(\?|$)/, `/${database}$1`)
}
