import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { ProbeSetting } from '../config.ts'
import type { Probe } from './probe.ts'

type HttpSetting = Extract<ProbeSetting, { kind: 'http' }>

/** Asks an address for a status. A redirect is an answer like any other and is not followed; the body is not read. */
export function httpProbe({ name, url, expect, within }: HttpSetting): Probe {
  return {
    name,
    async sample(at, signal) {
      const started = performance.now()
      const answer = await ask(url, within, signal)
      const ms = Math.round(performance.now() - started)
      if (typeof answer === 'string') return { probe: name, at, ok: false, ms, detail: answer }
      const ok = answer.status === expect
      const detail = ok ? `answered ${answer.status}` : `answered ${answer.status}, expected ${expect}`
      return { probe: name, at, ok, ms, detail }
    },
  }
}

/** Each sample has a connection of its own: a kept one would go on reaching the version that is being replaced. */
function ask(url: string, within: number, signal: AbortSignal): Promise<{ status: number } | string> {
  const timeout = AbortSignal.timeout(within)
  return new Promise((resolve) => {
    const why = (error: NodeJS.ErrnoException) => {
      if (timeout.aborted) return `gave no answer within ${within} ms`
      return signal.aborted ? 'was not asked to the end' : `cannot be reached: ${error.code ?? error.message}`
    }
    try {
      const send = url.startsWith('https:') ? requestHttps : requestHttp
      const headers = { 'user-agent': 'pawl' }
      const outgoing = send(url, { agent: false, headers, signal: AbortSignal.any([signal, timeout]) }, (incoming) => {
        // Reading on has no use, and an error of a body that nobody reads is none.
        incoming.on('error', () => {}).destroy()
        resolve({ status: incoming.statusCode ?? 0 })
      })
      outgoing.on('error', (error) => resolve(why(error)))
      outgoing.end()
    } catch (error) {
      resolve(`cannot be asked: ${error instanceof Error ? error.message : String(error)}`)
    }
  })
}
