import pino, { type Logger } from 'pino'

/** Nothing under these names is ever written, wherever it stands: credentials, and payloads that may hold them. */
const SECRET = ['authorization', 'token', 'privateKey', 'secret', 'webhookSecret', 'password', 'payload', 'body']

/** The log of the app: one JSON object a line on stderr, because stdout belongs to commands. */
export function createLog(level: string): Logger {
  const paths = SECRET.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.*.*.${name}`])
  return pino(
    { level, redact: { paths, censor: '[redacted]' }, serializers: { err: withoutRequest } },
    pino.destination(2),
  )
}

/** An error of Octokit carries its whole request, headers and all; message, status and stack are what helps. */
function withoutRequest(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { name, message, stack } = error
  const status = 'status' in error ? { status: error.status } : {}
  return { name, message, stack, ...status }
}
