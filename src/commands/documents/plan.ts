import { z } from 'zod'
import type { Certificate, Finding, Plan } from '../../model.ts'

const texts = z.array(z.string())
export const Point = z.object({ commit: z.string(), tree: z.string() })
const Estimate = z.object({ p50: z.number(), p90: z.number(), basis: z.string() })
const Level = z.enum(['low', 'medium', 'high'])
const Trust = z.enum(['maintainer', 'requester', 'outsider', 'repository'])

const Change = z.object({
  path: z.string(),
  kind: z.enum(['create', 'modify', 'remove']),
  additions: z.int(),
  deletions: z.int(),
  from: z.string().exactOptional(),
  blob: z.string().exactOptional(),
})

const Source = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('diff'), diff: z.string() }),
  z.object({ kind: z.literal('files'), files: z.array(z.object({ path: z.string(), content: z.string() })) }),
  z.object({ kind: z.literal('recipe'), recipe: z.string() }),
  z.object({ kind: z.literal('words'), text: z.string(), trust: Trust }),
])

const Task = z.object({
  id: z.int(),
  title: z.string(),
  agent: z.string(),
  needs: z.array(z.int()),
  source: Source,
  exact: z.boolean(),
  changes: z.array(Change),
  mayTouch: texts,
  excluded: texts,
  integrates: texts,
  tests: texts,
  validation: z.string(),
  rollbackPoint: z.string(),
  estimate: Estimate,
})

const Impact = z.object({
  direct: texts,
  transitive: texts,
  modules: texts,
  tests: texts,
  owners: texts,
  entryPoints: texts,
  deployables: texts,
  areas: z.array(
    z.object({
      area: z.enum([
        'workflow',
        'lock file',
        'manifest',
        'configuration',
        'migration',
        'deployment',
        'secrets',
        'test',
        'documentation',
      ]),
      paths: texts,
    }),
  ),
  secretNames: z.array(z.object({ path: z.string(), names: texts })),
  workflows: texts,
  exportsChanged: z.array(
    z.object({ path: z.string(), added: texts, removed: texts, changed: texts, public: z.boolean() }),
  ),
  drawing: z.object({
    nodes: z.array(
      z.object({ id: z.string(), label: z.string(), role: z.enum(['changed', 'direct', 'transitive', 'group']) }),
    ),
    edges: z.array(z.object({ from: z.string(), to: z.string() })),
  }),
  unresolved: z.int(),
})

const Expected = z.object({ mode: z.enum(['all', 'named', 'none']), names: texts, workflows: z.int() })

const Criterion = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('files-as-planned') }),
  z.object({ kind: z.literal('checks-pass'), round: z.union([z.literal(1), z.literal(2)]) }),
  z.object({ kind: z.literal('tree-is-checked-tree') }),
  z.object({ kind: z.literal('deployed'), environment: z.string() }),
  z.object({ kind: z.literal('healthy'), probe: z.string() }),
])

/** A plan as `src/model.ts` describes it; durations are ms. */
export const PlanDocument: z.ZodType<Plan> = z.object({
  codename: z.string(),
  revision: z.int(),
  base: Point.extend({ branch: z.string() }),
  request: z.object({ title: z.string(), textDigest: z.string(), requester: z.string() }),
  configDigest: z.string(),
  settingsDigest: z.string(),
  scope: z.object({
    summary: z.string(),
    size: z.enum(['small', 'medium', 'large']),
    complexity: z.enum(['simple', 'moderate', 'complex']),
    files: z.int(),
    lines: z.int(),
  }),
  impact: Impact,
  risk: z.object({
    level: Level,
    rules: z.array(z.object({ rule: z.string(), level: Level, why: z.string(), mitigation: z.string() })),
    reviewers: texts,
  }),
  tasks: z.array(Task),
  checkpoints: z.array(z.object({ when: z.string(), gates: texts })),
  checks: z.object({ round1: Expected, round2: Expected }),
  reviewers: texts,
  protectedPaths: texts,
  resources: z.object({
    estimate: Estimate,
    agents: z.array(z.object({ name: z.string(), tasks: z.array(z.int()) })),
    prerequisites: texts,
    constraints: texts,
    budget: z.string().nullable(),
  }),
  criteria: z.array(Criterion),
  health: z.object({ probes: texts, soak: z.number() }),
  communication: texts,
  approvals: z.object({ needed: z.int(), requesterMay: z.boolean() }),
  deploy: z.object({ via: z.string(), environment: z.string() }),
  digest: z.string(),
})

/** A finding; `rule` is one of those in docs/findings.md. */
export const FindingDocument = z.object({
  gate: z.string(),
  severity: z.enum(['info', 'warning', 'error']),
  rule: z.string(),
  message: z.string(),
  remedy: z.string().exactOptional(),
  path: z.string().exactOptional(),
  line: z.int().exactOptional(),
}) satisfies z.ZodType<Omit<Finding, 'gate' | 'rule'> & { gate: string; rule: string }>

export const CertificateDocument: z.ZodType<Certificate> = z.object({
  codename: z.string(),
  at: z.string(),
  restoration: z.enum(['exact', 'without-change', 'untouched']),
  snapshot: Point,
  final: Point,
  deployed: z.object({ sha: z.string(), state: z.string() }).nullable(),
  probes: z.array(z.object({ probe: z.string(), healthy: z.boolean(), detail: z.string() })),
  statement: z.string(),
})

/** What `pawl plan --json` prints: a plan, or why there is none. */
export const ProposalDocument = z.object({ plan: PlanDocument.nullable(), questions: z.array(FindingDocument) })
export type ProposalDocument = z.output<typeof ProposalDocument>
