import type { ContextualMetadata, DLogger } from '@dbos-inc/dbos-sdk'

type Write = (fields: object, message: string) => void

/** The part of pino's logger that the engine writes to. */
export type EngineLogger = { debug: Write; info: Write; warn: Write; error: Write }

/** Gives the library our log. Its own news are for debugging; so, while `quiet()`, are its complaints about being stopped. */
export function libraryLogger(logger: EngineLogger, quiet: () => boolean): DLogger {
  const about = (metadata?: ContextualMetadata & { error?: unknown }) => ({
    ...(metadata?.error === undefined ? {} : { err: metadata.error }),
    ...(metadata?.span === undefined ? {} : { workflow: metadata.span.attributes['operationUUID'] }),
  })
  const level =
    (loud: 'debug' | 'warn' | 'error'): DLogger['error'] =>
    (entry, metadata) =>
      logger[quiet() ? 'debug' : loud](about(metadata), String(entry))
  return { debug: level('debug'), info: level('debug'), warn: level('warn'), error: level('error') }
}
