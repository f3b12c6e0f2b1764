import stringify from 'fast-json-stable-stringify'
import type { Plan } from '../model.ts'

/** 64 hexadecimal digits of the hash that is handed in. */
export type Sha256 = (text: string) => string

/** The hash of a value's canonical JSON: the order of keys does not matter, that of lists does. */
export function digestOf(value: unknown, sha256: Sha256): string {
  return sha256(stringify(value))
}

/** What an approval is bound to (PLAN-12): the plan with the digests of the request's text and of the configuration, and the base. */
export function planDigest(plan: Omit<Plan, 'digest'>, sha256: Sha256): string {
  // Written out, so that a plan that carries its digest already has the same one.
  const { digest: _own, ...bound } = { digest: '', ...plan }
  return digestOf(bound, sha256)
}
