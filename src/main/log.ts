import pino, { type Logger } from 'pino'
import { withoutSecrets } from '../model/secrets.ts'

/** Nothing under these names is ever written, wherever it stands: credentials, and payloads that may hold them. */
const SECRET = ['authorization', 'token', 'privateKey', 'secret', 'webhookSecret', 'password', 'payload', 'body']

const CENSOR = '[redacted]'

/** The log of the app: one JSON object a line on stderr, because stdout belongs to commands. */
export function createLog(level: string): Logger {
  const paths = SECRET.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.*.*.${name}`])
  return pino(
    {
      level,
      redact: { paths, censor: CENSOR },
      serializers: { err: withoutRequest },
      hooks: { streamWrite: withoutSecrets },
    },
    pino.destination(2),
  )
}

/** An error of Octokit carries its whole request, headers and all; message, status, stack and cause are what helps. */
function withoutRequest(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { name, message, stack, cause } = error
  const status = 'status' in error ? { status: error.status } : {}
  return { name, message, stack, ...status, ...(cause === undefined ? {} : { cause: withoutRequest(cause) }) }
}
