/** Git could not run, could not reach its remote, or said no where no refusal is expected; in git's own words, without tokens. */
export class GitFailure extends Error {
  override name = 'GitFailure'
}
