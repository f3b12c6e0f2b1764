import { z } from 'zod'
import { Glob, list, Name, Text } from './scalars.ts'
import { Duration } from './units.ts'

/** Those that take part where nothing else is said ask nobody. */
export const USUAL_REVIEWERS = ['secrets', 'protected-paths', 'fidelity', 'dependencies', 'tests'] as const
export const REVIEWERS = [...USUAL_REVIEWERS, 'review', 'humans'] as const
export type ReviewerName = (typeof REVIEWERS)[number]

/** The built-in rules in the order in which a plan lists them; docs/risk.md says of each what triggers it. */
export const RISK_RULES = [
  'protected-path',
  'workflow-changed',
  'secrets-handling',
  'migration',
  'removed-but-needed',
  'imports-broken',
  'deployment-changed',
  'dependencies-changed',
  'manifest-changed',
  'configuration-changed',
  'exports-removed',
  'exports-changed',
  'wide-impact',
  'large-change',
  'open-ended',
  'untested',
  'no-checks',
  'binary-files',
  'hidden-text',
  'no-probes',
] as const
export type RiskRuleName = (typeof RISK_RULES)[number]

const Level = z.enum(['low', 'medium', 'high'])

/** What a level asks for besides `approval.count`. Without a `soak` a high risk doubles that of `health`. */
const Demand = z
  .strictObject({ reviewers: z.array(z.enum(REVIEWERS)).default([]), soak: Duration.nullable().default(null) })
  .prefault({})

/** The section `risk:` of `.github/pawl.yml`. */
export const Risk = z
  .strictObject({
    rules: z.partialRecord(z.enum(RISK_RULES), z.enum(['off', 'low', 'medium', 'high'])).default({}),
    own: list(
      z.strictObject({
        name: Name,
        level: Level,
        paths: z.array(Glob).min(1, { error: 'must name at least one path' }).max(200),
        why: Text.max(300).nullable().default(null),
      }),
    ),
    levels: z.strictObject({ low: Demand, medium: Demand, high: Demand }).prefault({}),
  })
  .prefault({})
export type RiskSetting = z.output<typeof Risk>
