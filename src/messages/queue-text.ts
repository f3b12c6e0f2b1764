import { codeSpan } from './escape.ts'
import { plural, sentence } from './layout.ts'

/** Position counts from 1, the update being executed included; `waitsFor` are codenames. */
export type Place = { position: number; of: number; waitsFor: string[] }

/** `2 of 3, after brave-otter`; the places before it by name (QUEUE-4). */
export function queueText({ position, of, waitsFor }: Place): string {
  if (waitsFor.length === 0) return `${position} of ${of}, nothing before it`
  const named = waitsFor.slice(0, 5).map((codename) => codeSpan(codename))
  if (waitsFor.length > 5) named.push(plural(waitsFor.length - 5, 'other'))
  return `${position} of ${of}, after ${sentence(named)}`
}
