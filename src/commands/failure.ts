/** Something the user got wrong: shown without a stack, exit status 2. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** Exit status of the commands: 0 done, 1 the thing failed, 2 used wrongly. */
export type Status = 0 | 1 | 2
