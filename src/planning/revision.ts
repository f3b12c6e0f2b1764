/** What all `/revise` commands of an update ask together; later ones win. */
export type Revisions = {
  drop: number[]
  order: number[]
  exclude: string[]
  agents: { task: number; agent: string }[]
  checks: string[]
  probes: string[]
}

/** What of them holds for other tasks than those that they were said of. */
export function forOtherTasks({ exclude, checks, probes }: Revisions): Revisions {
  return { ...noRevisions, exclude, checks, probes }
}

export const noRevisions: Revisions = { drop: [], order: [], exclude: [], agents: [], checks: [], probes: [] }
