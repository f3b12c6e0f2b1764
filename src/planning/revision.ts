/** What all `/revise` commands of an update ask together; later ones win. */
export type Revisions = {
  drop: number[]
  order: number[]
  exclude: string[]
  agents: { task: number; agent: string }[]
  checks: string[]
  probes: string[]
}

export const noRevisions: Revisions = { drop: [], order: [], exclude: [], agents: [], checks: [], probes: [] }
