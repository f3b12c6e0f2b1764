/** Runs work one at a time for each key, in the order it was asked for. */
export function createMutex(): <T>(key: number, work: () => Promise<T>) => Promise<T> {
  const tails = new Map<number, Promise<unknown>>()
  return function exclusively(key, work) {
    const before = tails.get(key) ?? Promise.resolve()
    const result = before.then(work)
    // Whoever is next goes on whether or not this work succeeded.
    const tail = result.then(
      () => {},
      () => {},
    )
    tails.set(key, tail)
    void tail.then(() => tails.get(key) === tail && tails.delete(key))
    return result
  }
}
