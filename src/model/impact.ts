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
  /** Secrets that changed lines name, such as a variable of the environment; never a value. */
  secretNames: { path: string; names: string[] }[]
  /** Workflows that run something of what is changed or depends on it. */
  workflows: string[]
  /** `changed` are exported before and after, and declared otherwise; `public` is what an entry point offers. */
  exportsChanged: { path: string; added: string[]; removed: string[]; changed: string[]; public: boolean }[]
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
