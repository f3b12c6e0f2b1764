/** A package that a comparison of two commits is said to add or remove; seeded, for nothing reads manifests here. */
export interface DependencyRecord {
  id: number
  repositoryId: number
  manifest: string
  ecosystem: string
  name: string
  version: string
  license: string | null
  vulnerabilities: { severity: string; ghsa: string; summary: string }[]
}
