import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import pg from 'pg'
import { NAMES } from './steps.ts'

/** What the harness sees of the app's work from outside, at the moment in which it happens. */
export type Moment =
  /** A step of a workflow was recorded, and the next one begins; or, without a name, the workflow itself does. */
  | { what: 'step'; workflow: string; name: string }
  /** A row appeared or changed: an audit event, an update, a webhook in the inbox, a workflow taken out of the queue. */
  | { what: 'row'; table: 'events' | 'updates' | 'deliveries' | 'queue'; key: string }
  /** GitHub has done what the app wrote, and is about to answer. */
  | { what: 'write'; key: string }

/** Tells of every row in the very moment of its commit. */
const TRIGGERS = `
  CREATE OR REPLACE FUNCTION public.crash_moment() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE row json := row_to_json(NEW);
  BEGIN
    PERFORM pg_notify('crash', (CASE TG_TABLE_NAME
      WHEN 'operation_outputs' THEN json_build_object('what', 'step', 'workflow', row->>'workflow_uuid', 'name', row->>'function_name')
      WHEN 'workflow_status' THEN CASE row->>'status'
        WHEN 'CANCELLED' THEN json_build_object('what', 'row', 'table', 'queue', 'key', 'cancelled')
        ELSE json_build_object('what', 'step', 'workflow', row->>'workflow_uuid', 'name', '') END
      WHEN 'events' THEN json_build_object('what', 'row', 'table', 'events', 'key', left(row->>'key', 300))
      WHEN 'updates' THEN json_build_object('what', 'row', 'table', 'updates', 'key',
        TG_OP || ' ' || coalesce(row->>'outcome', row->>'phase'))
      ELSE json_build_object('what', 'row', 'table', 'deliveries', 'key', TG_OP || ' ' || (row->>'event'))
    END)::text);
    RETURN NULL;
  END $$;
  CREATE OR REPLACE TRIGGER crash AFTER INSERT ON dbos.operation_outputs FOR EACH ROW EXECUTE FUNCTION public.crash_moment();
  CREATE OR REPLACE TRIGGER crash AFTER INSERT OR UPDATE OF status ON dbos.workflow_status
    FOR EACH ROW WHEN (NEW.status IN ('PENDING', 'CANCELLED')) EXECUTE FUNCTION public.crash_moment();
  CREATE OR REPLACE TRIGGER crash AFTER INSERT ON pawl.events FOR EACH ROW EXECUTE FUNCTION public.crash_moment();
  CREATE OR REPLACE TRIGGER crash AFTER INSERT OR UPDATE OF phase, outcome ON pawl.updates
    FOR EACH ROW EXECUTE FUNCTION public.crash_moment();
  CREATE OR REPLACE TRIGGER crash AFTER INSERT OR UPDATE OF processed_at ON pawl.deliveries
    FOR EACH ROW EXECUTE FUNCTION public.crash_moment();
`

/** Listens to a database and to the server of GitHub in this process. */
export async function watchMoments(
  databaseUrl: string,
  githubPort: number,
  hear: (moment: Moment) => void,
): Promise<{ stop(): Promise<void> }> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: HARNESS })
  await client.connect()
  await client.query(NAMES + TRIGGERS)
  client.on('notification', ({ payload }) => hear(JSON.parse(payload ?? '') as Moment))
  await client.query('LISTEN crash')
  const stopWrites = watchWrites(githubPort, (key) => hear({ what: 'write', key }))
  return {
    async stop() {
      stopWrites()
      await client.end()
    },
  }
}

/** How the harness names its own connections. */
export const HARNESS = 'crash-harness'

function watchWrites(port: number, hear: (key: string) => void): () => void {
  const onRequest = (message: unknown) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse }
    if (request.socket.localPort !== port || request.method === 'GET' || !isOurs(request)) return
    const key = `${request.method} ${nameOf(request.url ?? '')}`
    const answer = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse
    // The answer begins when the work is done: whoever is killed now never learns of it.
    response.writeHead = (...args: unknown[]) => {
      hear(key)
      return answer(...args)
    }
  }
  subscribe('http.server.request.start', onRequest)
  return () => void unsubscribe('http.server.request.start', onRequest)
}

/** The app names itself; of those who push here it is the only one that uses git. */
const isOurs = ({ headers, url = '' }: IncomingMessage) =>
  headers['user-agent']?.startsWith('pawl') === true || url.endsWith('/git-receive-pack')

/** An address without what differs from run to run: `/repos/o/r/issues/7/comments` → `issues/0/comments`. */
function nameOf(url: string): string {
  const path = url.replace(/\?.*$/, '').replace(/^\/api\/v3/, '')
  return path
    .replace(/^\/(repos\/)?[^/]+\/[^/]+\//, '')
    .replace(/[0-9a-f]{40}/g, 'sha')
    .replace(/\d+/g, '0')
}
