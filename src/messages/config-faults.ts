import type { ConfigFault } from '../config/yaml.ts'
import type { Words } from './words.ts'

/** `url` is the file's page on GitHub, lines are linked below it. */
export type ConfigFaultsView = { codename: string; requester: string; url: string | null; faults: ConfigFault[] }

export function renderConfigFaults(view: ConfigFaultsView, words: Words): string {
  throw new Error('not written yet')
}
