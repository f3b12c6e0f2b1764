import { answer } from '../answers.ts'
import type { Handler, Handlers } from '../contract.ts'

/** Only what the description requires is filled in by itself; the paths are not the point of the local GitHub. */
const root: Handler = () => answer(200, {})

const zen: Handler = () => ({
  status: 200,
  body: 'Keep it logically awesome.',
  contentType: 'text/plain; charset=utf-8',
})

const rateLimit: Handler = (call, world) => {
  const rate = { ...world.rateOf(call.caller) }
  return answer(200, { resources: { core: rate, search: rate, graphql: rate }, rate })
}

export const meta: Handlers = {
  'meta/root': root,
  'meta/get-zen': zen,
  'rate-limit/get': rateLimit,
}
