/** What has been started, to be stopped in the opposite order: what was started later needs what was there before. */
export type Closing = { add<T>(started: T, stop: (started: T) => Promise<unknown>): T; stop(): Promise<void> }

export function createClosing(): Closing {
  const stops: (() => Promise<unknown>)[] = []
  return {
    add(started, stop) {
      stops.push(() => stop(started))
      return started
    },
    /** All of them are stopped, also when one fails; the first failure is thrown then. */
    async stop() {
      const failures: unknown[] = []
      for (const stop of stops.splice(0).toReversed()) await stop().catch((error: unknown) => failures.push(error))
      if (failures.length > 0) throw failures[0]
    },
  }
}
