import type { Handlers } from '../contract.ts'
import { labels } from './labels.ts'
import { meta } from './meta.ts'

/** Every operation's handler; a test sees to it that none is missing. */
export const HANDLERS: Handlers = {
  ...meta,
  ...labels,
}
