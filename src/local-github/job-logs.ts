import { createHmac, timingSafeEqual } from 'node:crypto'

import { logPath } from './actions/run-folder.ts'
import { runFolder } from './actions-host.ts'
import type { JobRecord } from './code-records.ts'
import type { World } from './contract.ts'

const PLACE = '/_logs/'

/** An address that gives a job's log to whoever holds it, as the redirects of GitHub do. */
export function jobLogUrl(world: World, job: JobRecord): string {
  return `${world.url}${PLACE}${job.id}?signature=${signature(world, job.id)}`
}

/** The file behind such an address; null for a wrong one, undefined for any other address. */
export function findJobLog(world: World, requested: string): string | null | undefined {
  const url = new URL(requested, world.url)
  if (!url.pathname.startsWith(PLACE)) return undefined
  const job = world.store.get('job', Number(url.pathname.slice(PLACE.length)))
  if (job === undefined) return null
  const expected = Buffer.from(signature(world, job.id))
  const given = Buffer.from(url.searchParams.get('signature') ?? '')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null
  return logPath(runFolder(world, job.runId, job.attempt), job.key)
}

function signature(world: World, jobId: number): string {
  return createHmac('sha256', world.app.webhookSecret).update(`log ${jobId}`).digest('hex')
}
