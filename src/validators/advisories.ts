import type { Finding, GateName } from '../model.ts'

/** A package version that the change adds, as an advisory database sees it. */
type Added = {
  manifest: string
  ecosystem: string
  name: string
  version: string
  licence: string | null
  vulnerabilities: { severity: string; ghsa: string; summary: string }[]
}

/** What is known of the packages that a change adds, `null` where it touches none, or why nothing is known. */
export type Advisories = { ok: true; added: Added[] } | { ok: false; why: string } | null

/** Known vulnerabilities block, whatever their severity; licences are only told. */
export function advisoryFindings(advisories: Advisories, gate: GateName): Finding[] {
  if (advisories === null) return []
  if (!advisories.ok) {
    const message = `GitHub’s dependency review is not to be had here (${advisories.why}), so advisories and licences were not looked at.`
    const remedy = 'Have the dependency graph switched on in the settings of the repository.'
    return [{ gate, severity: 'info', rule: 'advisories-unavailable', message, remedy }]
  }
  const seen = new Set<string>()
  return advisories.added.flatMap(({ manifest: path, ecosystem, name, version, licence, vulnerabilities }) => {
    const what = `${ecosystem}/${name} ${version}`
    // A manifest and its lock file name the same package.
    if (seen.has(what)) return []
    seen.add(what)
    const told: Finding = {
      gate,
      severity: 'info',
      rule: 'dependency-changed',
      path,
      message: `The change adds ${what}, ${licence === null ? 'whose licence GitHub does not know' : `licence ${licence}`}.`,
    }
    const bad = vulnerabilities.map(({ severity, ghsa, summary }): Finding => {
      const message = `The change adds ${what}, which has a known vulnerability (${severity}, ${ghsa}): ${summary}`
      const remedy = `Use a version that https://github.com/advisories/${ghsa} does not name.`
      return { gate, severity: 'error', rule: 'dependency-vulnerable', path, message, remedy }
    })
    return [...bad, told]
  })
}

/** Names of files from which GitHub's dependency graph reads packages ("Dependency graph supported package ecosystems"). */
const MANIFESTS =
  /(^|\/)(package\.json|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|requirements[\w-]*\.txt|pyproject\.toml|poetry\.lock|uv\.lock|Pipfile(\.lock)?|setup\.py|go\.(mod|sum)|Cargo\.(toml|lock)|Gemfile(\.lock)?|\w+\.gemspec|composer\.(json|lock)|pom\.xml|build\.gradle(\.kts)?|gradle\.lockfile|Package\.(swift|resolved)|pubspec\.(yaml|lock)|mix\.(exs|lock)|\S+\.(csproj|vbproj|fsproj|nuspec)|packages\.config|packages\.lock\.json|action\.ya?ml)$|^\.github\/workflows\/[^/]+\.ya?ml$/

/** Whether a change of this path may change the packages of a repository. */
export const namesPackages = (path: string): boolean => MANIFESTS.test(path)
