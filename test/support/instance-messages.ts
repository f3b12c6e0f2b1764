/** The input of the one workflow of `engine-instance.ts`. */
export type Journey = { id: string; waits: boolean }

export type ToInstance =
  | { do: 'start'; journey: Journey }
  | { do: 'enqueue'; partition: string; journey: Journey }
  | { do: 'stop' }

export type FromInstance = 'ready' | 'done' | { failed: string }
