/** What a change reaches: files, tests, owners, places; paths are relative to the repository's root. */
export type Impact = {
  direct: string[]
  transitive: string[]
  modules: string[]
  tests: string[]
  owners: string[]
  entryPoints: string[]
  /** Directories that are deployed as one thing and that the change reaches; `.` is the root. */
  deployables: string[]
  /** Sensitive places among the changed paths. */
  areas: { area: Area; paths: string[] }[]
  exportsChanged: { path: string; added: string[]; removed: string[] }[]
  /** The neighbourhood of the change, already small enough to draw. */
  drawing: {
    nodes: { id: string; label: string; role: 'changed' | 'direct' | 'transitive' | 'group' }[]
    edges: { from: string; to: string }[]
  }
  unresolved: number
}

/** Kinds of places in a repository that a reader of a plan wants named. */
export type Area =
  | 'workflow'
  | 'lock file'
  | 'manifest'
  | 'configuration'
  | 'migration'
  | 'deployment'
  | 'secrets'
  | 'test'
  | 'documentation'
