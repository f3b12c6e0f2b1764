import type { WorkflowJob } from './workflow.ts'

type Needing = Pick<WorkflowJob, 'id' | 'needs'>

/** Says which job needs one that is not there, or needs itself in the end; null when all can run. */
export function faultInGraph(jobs: Needing[]): { id: string; message: string } | null {
  const ids = new Set(jobs.map((job) => job.id))
  for (const job of jobs) {
    const unknown = job.needs.find((need) => !ids.has(need))
    if (unknown !== undefined) return { id: job.id, message: `Job '${job.id}' depends on unknown job '${unknown}'.` }
  }
  const done = new Set<string>()
  let left = jobs
  while (left.length > 0) {
    const ready = left.filter((job) => job.needs.every((need) => done.has(need)))
    const [stuck] = left
    if (ready.length === 0 && stuck !== undefined) {
      return { id: stuck.id, message: `Job '${stuck.id}' depends on itself, directly or through the jobs it needs.` }
    }
    for (const job of ready) done.add(job.id)
    left = left.filter((job) => !done.has(job.id))
  }
  return null
}

/** All jobs that must have ended before this one: what it needs, what those need, and so on. */
export function ancestors(jobs: Needing[], id: string): string[] {
  const found = new Set<string>()
  const waiting = [id]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const need of jobs.find((job) => job.id === next)?.needs ?? []) {
      if (found.has(need)) continue
      found.add(need)
      waiting.push(need)
    }
  }
  return [...found]
}
