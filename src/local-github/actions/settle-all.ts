/**
 * The results of all promises, but when one fails, `onFailure` is called at once, the others are waited for, and then the
 * first failure is thrown: nothing goes on behind the back of whoever catches it.
 */
export async function settleAll<T>(promises: Promise<T>[], onFailure: () => void): Promise<T[]> {
  for (const promise of promises) promise.catch(onFailure)
  await Promise.allSettled(promises)
  return Promise.all(promises)
}
