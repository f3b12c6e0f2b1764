import type { ReviewerName } from '../config.ts'
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
  dependents: Dependents
  impact: Impact
  scope: Plan['scope']
  protectedPaths: string[]
  checks: { round1: ExpectedChecks; round2: ExpectedChecks }
  binary: string[]
  notes: Finding[]
  deploy: Plan['deploy']
  /** ms, as configured. */
  soak: number
  /** Names of what watches the deployment. */
  probes: string[]
}

/** A rule that applied. The update's level is that of its worst rule. */
type Risk = { level: RiskLevel; rule: string; why: string; mitigation: string }
type Rule = (facts: RiskFacts) => Risk | null

const levels: RiskLevel[] = ['low', 'medium', 'high']

/** All rules, in the order in which they are listed. */
const rules: Rule[] = [
  ({ protectedPaths }) =>
    applies(
      protectedPaths,
      'high',
      'protected-path',
      'Protected paths change',
      'The approval covers exactly these paths; the reviewer for protected paths refuses any other.',
    ),
  ofArea(
    'workflow',
    'high',
    'workflow-changed',
    'What runs in GitHub Actions changes',
    'Read the change of every workflow before approving.',
  ),
  ofArea(
    'secrets',
    'high',
    'secrets-handling',
    'Files that hold or name secrets change',
    'The reviewer for secrets looks at the diff in both rounds.',
  ),
  ofArea(
    'migration',
    'high',
    'migration',
    'Stored data is migrated; going back restores the code and not the data',
    'See that the old version works with the migrated data.',
  ),
  removedButNeeded,
  ofArea(
    'deployment',
    'medium',
    'deployment-changed',
    'How it is deployed changes',
    'The deployment and the probes after it judge this.',
  ),
  ofArea(
    'lock file',
    'medium',
    'dependencies-changed',
    'Resolved dependencies change',
    'The reviewer for dependencies names each of them.',
  ),
  ofArea(
    'manifest',
    'medium',
    'manifest-changed',
    'Manifests change',
    'The reviewer for dependencies compares them with the lock file.',
  ),
  ofArea(
    'configuration',
    'low',
    'configuration-changed',
    'Configuration changes',
    'Probes are watched after the deployment.',
  ),
  exportsRemoved,
  wideImpact,
  ({ scope }) =>
    scope.size === 'large'
      ? risk(
          'medium',
          'large-change',
          `${scope.files} files and ${scope.lines} lines are much to review.`,
          'Consider splitting the issue.',
        )
      : null,
  openEnded,
  untested,
  ({ checks }) =>
    checks.round1.mode === 'none'
      ? risk(
          'medium',
          'no-checks',
          'No check of GitHub Actions judges the change in round 1.',
          'Only Pawl’s own reviewers do. Add a workflow that runs on pull requests.',
        )
      : null,
  ({ binary }) =>
    applies(
      binary,
      'medium',
      'binary-files',
      'Files change that are no text',
      'Nobody can read their diff: see where they come from.',
    ),
  hiddenText,
  unwatched,
]

/** Names the rules that apply (PLAN-4, PLAN-7); with none of them the risk is low. */
export function riskOf(facts: RiskFacts): Plan['risk'] {
  const found = rules.flatMap((rule) => rule(facts) ?? [])
  const level = levels[Math.max(0, ...found.map((one) => levels.indexOf(one.level)))] ?? 'low'
  return { level, rules: found.map(({ rule, why, mitigation }) => ({ rule, why, mitigation })) }
}

/** How long the probing lasts: a high risk is watched for twice as long. */
export function soakFor(level: RiskLevel, configured: number): number {
  return level === 'high' ? 2 * configured : configured
}

/** The configured reviewers, and those that what is touched asks for besides. */
export function reviewersFor({ areas }: Pick<Impact, 'areas'>, configured: ReviewerName[]): ReviewerName[] {
  const touches = (...wanted: Area[]) => areas.some(({ area }) => wanted.includes(area))
  const asked: ReviewerName[] = []
  if (touches('secrets', 'workflow')) asked.push('secrets')
  if (touches('workflow')) asked.push('protected-paths')
  if (touches('lock file', 'manifest')) asked.push('dependencies')
  if (touches('test')) asked.push('tests')
  return [...new Set([...configured, ...asked])]
}

function risk(level: RiskLevel, rule: string, why: string, mitigation: string): Risk {
  return { level, rule, why, mitigation }
}

function applies(paths: string[], level: RiskLevel, rule: string, what: string, mitigation: string): Risk | null {
  return paths.length === 0 ? null : risk(level, rule, `${what}: ${list(paths)}.`, mitigation)
}

function ofArea(area: Area, level: RiskLevel, rule: string, what: string, mitigation: string): Rule {
  return ({ impact }) =>
    applies(impact.areas.find((one) => one.area === area)?.paths ?? [], level, rule, what, mitigation)
}

function removedButNeeded({ tasks, touched, dependents }: RiskFacts): Risk | null {
  const changes = tasks.flatMap(({ task }) => task.changes)
  const gone = changes.flatMap(({ path, kind, from }) => (kind === 'remove' ? [path] : (from ?? [])))
  const needing = new Set(gone.flatMap((path) => dependents.get(path) ?? [])).difference(new Set(touched))
  const what = `${list(gone)} goes away, and these still need it`
  return applies([...needing].sort(), 'high', 'removed-but-needed', what, 'See that each of them does without it.')
}

function exportsRemoved({ impact }: RiskFacts): Risk | null {
  const lost = impact.exportsChanged.filter(({ removed }) => removed.length > 0)
  const entries = new Set(impact.entryPoints)
  const shown = lost.map(({ path, removed }) => `${path} (${removed.join(', ')})`)
  const level = lost.some(({ path }) => entries.has(path)) ? 'high' : 'medium'
  return applies(
    shown,
    level,
    'exports-removed',
    'Names are no longer exported',
    'Whoever imports them, here or elsewhere, must change as well.',
  )
}

function wideImpact({ impact }: RiskFacts): Risk | null {
  const dependents = impact.direct.length + impact.transitive.length
  if (dependents < 20) return null
  const why = `${dependents} files depend on what is changed, ${impact.direct.length} of them directly.`
  return risk(
    dependents < 200 ? 'medium' : 'high',
    'wide-impact',
    why,
    'Both rounds run the whole of the required checks.',
  )
}

function openEnded({ tasks }: RiskFacts): Risk | null {
  const open = tasks.filter(({ task }) => !task.exact).map(({ task }) => task.id)
  if (open.length === 0) return null
  const free = tasks.some(({ task }) => task.mayTouch.includes('**'))
  const why = `The change of task ${open.join(', ')} is not known beforehand${free ? ' and may touch any file' : ''}.`
  return risk('medium', 'open-ended', why, 'It is held against the paths of the plan, and reviewed in round 1.')
}

function untested({ touched, impact }: RiskFacts): Risk | null {
  const code = touched.filter(isCode)
  if (code.length === 0 || impact.tests.length > 0) return null
  return risk(
    'medium',
    'untested',
    `No test reaches ${list(code)}.`,
    'Add a test with the change, or look closely at the probes.',
  )
}

function hiddenText({ notes }: RiskFacts): Risk | null {
  const hidden = notes.filter(({ rule, severity }) => rule === 'hidden-text' && severity === 'warning')
  const why = hidden.map(({ message }) => message).join(' ')
  return hidden.length === 0
    ? null
    : risk('medium', 'hidden-text', why, 'What the request shows may not be what it says: read the diff.')
}

function unwatched({ deploy, probes, soak }: RiskFacts): Risk | null {
  if (deploy.via === 'none' || probes.length > 0) return null
  const why = `No probe watches ${deploy.environment} in the ${inWords(soak)} after the deployment.`
  return risk('low', 'no-probes', why, 'Add health.probes to .github/pawl.yml, or /revise probe <address>.')
}

function list(items: string[]): string {
  const shown = items.slice(0, 5).join(', ')
  return items.length > 5 ? `${shown} and ${items.length - 5} more` : shown
}
