import { step } from '../engine.ts'
import { isOutage } from '../stages/outage.ts'
import type { PipelineSettings } from '../stages/order.ts'

/** Does a step of the workflow once. */
export type Run = <T>(name: string, act: () => Promise<T>) => Promise<T>

type Options = NonNullable<Parameters<typeof step>[2]>

/** What a bug throws it throws again; an outage of GitHub is over after some minutes, and must not cost an update. */
const FORWARD: Options = { attempts: 8, shouldRetry: (error, attempt) => attempt < 3 || isOutage(error) }

/**
 * A way back, and what people must be told, is tried longer than a way forward: a repository is not left half restored,
 * nor anybody without an answer, because GitHub was away for half an hour.
 */
const BACKWARD: Options = { attempts: 36, shouldRetry: (error, attempt) => attempt < 8 || isOutage(error) }

const runWith =
  (options: Options) =>
  ({ backoffMs }: Pick<PipelineSettings, 'backoffMs'>): Run =>
  (name, act) =>
    step(name, act, { ...options, intervalSeconds: backoffMs / 1000 })

/** How the steps of the story are tried; see product.md, "Defaults". */
export const forwardRun = runWith(FORWARD)
export const patientRun = runWith(BACKWARD)
