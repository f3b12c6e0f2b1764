import type { World } from './contract.ts'

/** What aborts the attempts that run at the moment, by run. */
const running = new WeakMap<World, Map<number, AbortController>>()

/** The signal that `cancelRun` aborts, until `forgetRun`. */
export function noteRun(world: World, runId: number): AbortSignal {
  const here = running.get(world) ?? new Map<number, AbortController>()
  running.set(world, here)
  const controller = new AbortController()
  here.set(runId, controller)
  return controller.signal
}

export function forgetRun(world: World, runId: number): void {
  running.get(world)?.delete(runId)
}

/** Cancels a run; the runner then reports its end. False when it does not run. */
export function cancelRun(world: World, runId: number): boolean {
  const controller = running.get(world)?.get(runId)
  controller?.abort()
  return controller !== undefined
}
