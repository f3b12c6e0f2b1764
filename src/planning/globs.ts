import picomatch from 'picomatch'

/** Whether a path of the repository is under one of the globs of `.github/pawl.yml` or `/revise exclude`. */
export function anyGlob(globs: string[]): (path: string) => boolean {
  return globs.length === 0 ? () => false : picomatch(globs, { dot: true })
}

/** A glob that stands for this very path and no other. */
export function exactly(path: string): string {
  return path.replace(/[\\*?[\]{}()!+@|]/g, '\\$&')
}
