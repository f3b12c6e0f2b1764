import { expecting } from './answers.ts'
import type { RepositoryConnection } from './client.ts'

/** A package version that a change adds, with what GitHub knows against it. */
export type AddedPackage = {
  manifest: string
  ecosystem: string
  name: string
  version: string
  licence: string | null
  vulnerabilities: { severity: string; ghsa: string; summary: string }[]
}

/** What the dependency review says of the change between two commits, or why it says nothing. */
export type DependencyReview = { ok: true; added: AddedPackage[] } | { ok: false; why: string }

/**
 * What a change adds to the packages of a repository ("Get a diff of the dependencies between commits"). GitHub answers 403 where
 * the dependency graph is off or not paid for, and 404 where it knows one of the commits not at all.
 */
export async function dependencyReview(
  at: RepositoryConnection,
  base: string,
  head: string,
): Promise<DependencyReview> {
  const { octokit, owner, repo } = at
  const answer = await expecting([403, 404], () =>
    octokit.dependencyGraph.diffRange({ owner, repo, basehead: `${base}...${head}` }),
  )
  if (!answer.ok) return { ok: false, why: answer.message }
  const added = answer.value.data.filter(({ change_type: change }) => change === 'added')
  return {
    ok: true,
    added: added.map(({ manifest, ecosystem, name, version, license, vulnerabilities }) => ({
      manifest,
      ecosystem,
      name,
      version,
      licence: license,
      vulnerabilities: vulnerabilities.map(({ severity, advisory_ghsa_id: ghsa, advisory_summary: summary }) => ({
        severity,
        ghsa,
        summary,
      })),
    })),
  }
}
