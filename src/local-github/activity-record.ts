/** A branch that was made, moved or removed, and by whom; `null` where it was not there. */
export interface ActivityRecord {
  id: number
  repositoryId: number
  actorId: number
  ref: string
  before: string | null
  after: string | null
  forced: boolean
  merge: boolean
  at: string
}
