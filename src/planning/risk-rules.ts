import type { RiskRuleName } from '../config/risk.ts'
import type { ExpectedChecks, Finding, Plan, RiskLevel } from '../model.ts'
import type { Area, Impact } from '../model/impact.ts'
import { isCode } from './places.ts'
import type { Touching } from './planned-tasks.ts'
import type { Dependents } from './reach.ts'
import { inWords } from './spans.ts'

/** What the rules look at. */
export type RiskFacts = {
  tasks: Touching[]
  touched: string[]
  /** Every path of the base tree. */
  paths: string[]
  dependents: Dependents
  impact: Impact
  scope: Plan['scope']
  protectedPaths: string[]
  checks: { round1: ExpectedChecks; round2: ExpectedChecks }
  binary: string[]
  notes: Finding[]
  /** Imports that the change leaves without what they name. */
  broken: { path: string; specifier: string }[]
  deploy: Plan['deploy']
  /** ms, as configured. */
  soak: number
  /** Names of what watches the deployment. */
  probes: string[]
}

/** What triggered a rule, how bad that is where the configuration says nothing else, and what is done about it. */
export type Triggered = { level: RiskLevel; why: string; mitigation: string }
type Rule = (facts: RiskFacts) => Triggered | null

/** The built-in rules; docs/risk.md tells people of them. */
export const riskRules: Record<RiskRuleName, Rule> = {
  'protected-path': ({ protectedPaths }) =>
    applies(
      protectedPaths,
      'high',
      'Protected paths change',
      'The approval covers exactly these paths; the reviewer for protected paths refuses any other.',
    ),
  'workflow-changed': ofArea(
    'workflow',
    'high',
    'What runs in GitHub Actions changes',
    'Read the change of every workflow before approving.',
  ),
  'secrets-handling': secretsHandled,
  migration: ofArea(
    'migration',
    'high',
    'Stored data is migrated; going back restores the code and not the data',
    'See that the old version works with the migrated data.',
  ),
  'removed-but-needed': removedButNeeded,
  'imports-broken': ({ broken }) =>
    applies(
      broken.map(({ path, specifier }) => `${path} (${specifier})`),
      'medium',
      'Imports lead nowhere once it is done',
      'See whether the file is made by a build; else the change is not whole.',
    ),
  'deployment-changed': ofArea(
    'deployment',
    'medium',
    'How it is deployed changes',
    'The deployment and the probes after it judge this.',
  ),
  'dependencies-changed': ofArea(
    'lock file',
    'medium',
    'Resolved dependencies change',
    'The reviewer for dependencies names each of them.',
  ),
  'manifest-changed': ofArea(
    'manifest',
    'medium',
    'Manifests change',
    'The reviewer for dependencies compares them with the lock file.',
  ),
  'configuration-changed': ofArea(
    'configuration',
    'low',
    'Configuration changes',
    'Probes are watched after the deployment.',
  ),
  'exports-removed': exportsRemoved,
  'exports-changed': exportsRedeclared,
  'wide-impact': wideImpact,
  'large-change': ({ scope }) =>
    scope.size === 'large'
      ? {
          level: 'medium',
          why: `${scope.files} files and ${scope.lines} lines are much to review.`,
          mitigation: 'Consider splitting the issue.',
        }
      : null,
  'open-ended': openEnded,
  untested,
  'no-checks': ({ checks }) =>
    checks.round1.mode === 'none'
      ? {
          level: 'medium',
          why: 'No check of GitHub Actions judges the change in round 1.',
          mitigation: 'Only Pawl’s own reviewers do. Add a workflow that runs on pull requests.',
        }
      : null,
  'binary-files': ({ binary }) =>
    applies(binary, 'medium', 'Files change that are no text', 'Nobody can read their diff: see where they come from.'),
  'hidden-text': hiddenText,
  'no-probes': unwatched,
}

/** A rule that is triggered by paths, or by what stands for them. */
export function applies(paths: string[], level: RiskLevel, what: string, mitigation: string): Triggered | null {
  return paths.length === 0 ? null : { level, why: `${what}: ${list(paths)}.`, mitigation }
}

function ofArea(area: Area, level: RiskLevel, what: string, mitigation: string): Rule {
  return ({ impact }) => applies(pathsOfArea(impact, area), level, what, mitigation)
}

function pathsOfArea(impact: Impact, area: Area): string[] {
  return impact.areas.find((one) => one.area === area)?.paths ?? []
}

/** A file that holds secrets weighs more than code that names one. */
function secretsHandled({ impact }: RiskFacts): Triggered | null {
  const holding = pathsOfArea(impact, 'secrets')
  const naming = impact.secretNames.map(({ path, names }) => `${path} (${names.join(', ')})`)
  return applies(
    [...new Set([...holding, ...naming])],
    holding.length > 0 ? 'high' : 'medium',
    'Files that hold or name secrets change',
    'The reviewer for secrets looks at the diff in both rounds.',
  )
}

function removedButNeeded({ tasks, touched, dependents }: RiskFacts): Triggered | null {
  const changes = tasks.flatMap(({ task }) => task.changes)
  const gone = changes.flatMap(({ path, kind, from }) => (kind === 'remove' ? [path] : (from ?? [])))
  const needing = new Set(gone.flatMap((path) => dependents.get(path) ?? [])).difference(new Set(touched))
  const what = `${list(gone)} goes away, and these still need it`
  return applies([...needing].sort(), 'high', what, 'See that each of them does without it.')
}

function exportsRemoved({ impact }: RiskFacts): Triggered | null {
  const lost = impact.exportsChanged.filter(({ removed }) => removed.length > 0)
  const shown = lost.map(({ path, removed }) => `${path} (${removed.join(', ')})`)
  const level = lost.some((one) => one.public) ? 'high' : 'medium'
  const mitigation = 'Whoever imports them, here or elsewhere, must change as well.'
  return applies(shown, level, 'Names are no longer exported', mitigation)
}

function exportsRedeclared({ impact }: RiskFacts): Triggered | null {
  const other = impact.exportsChanged.filter(({ changed }) => changed.length > 0)
  const shown = other.map(({ path, changed }) => `${path} (${changed.join(', ')})`)
  const level = other.some((one) => one.public) ? 'medium' : 'low'
  return applies(shown, level, 'Exported names are declared otherwise', 'See that those who use them still can.')
}

function wideImpact({ impact }: RiskFacts): Triggered | null {
  const dependents = impact.direct.length + impact.transitive.length
  if (dependents < 20) return null
  const why = `${dependents} files depend on what is changed, ${impact.direct.length} of them directly.`
  const level = dependents < 200 ? 'medium' : 'high'
  return { level, why, mitigation: 'Both rounds run the whole of the required checks.' }
}

function openEnded({ tasks }: RiskFacts): Triggered | null {
  const open = tasks.filter(({ task }) => !task.exact).map(({ task }) => task.id)
  if (open.length === 0) return null
  const free = tasks.some(({ task }) => task.mayTouch.includes('**'))
  const why = `The change of task ${open.join(', ')} is not known beforehand${free ? ' and may touch any file' : ''}.`
  const mitigation = 'It is held against the paths of the plan, and reviewed in round 1.'
  return { level: 'medium', why, mitigation }
}

function untested({ touched, impact }: RiskFacts): Triggered | null {
  const code = touched.filter(isCode)
  if (code.length === 0 || impact.tests.length > 0) return null
  const mitigation = 'Add a test with the change, or look closely at the probes.'
  return { level: 'medium', why: `No test reaches ${list(code)}.`, mitigation }
}

function hiddenText({ notes }: RiskFacts): Triggered | null {
  const hidden = notes.filter(({ rule, severity }) => rule === 'hidden-text' && severity === 'warning')
  const why = hidden.map(({ message }) => message).join(' ')
  const mitigation = 'What the request shows may not be what it says: read the diff.'
  return hidden.length === 0 ? null : { level: 'medium', why, mitigation }
}

function unwatched({ deploy, probes, soak }: RiskFacts): Triggered | null {
  if (deploy.via === 'none' || probes.length > 0) return null
  const why = `No probe watches ${deploy.environment} in the ${inWords(soak)} after the deployment.`
  return { level: 'low', why, mitigation: 'Add health.probes to .github/pawl.yml, or /revise probe <address>.' }
}

function list(items: string[]): string {
  const shown = items.slice(0, 5).join(', ')
  return items.length > 5 ? `${shown} and ${items.length - 5} more` : shown
}
