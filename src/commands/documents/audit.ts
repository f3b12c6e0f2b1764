import { z } from 'zod'
import { CertificateDocument, PlanDocument } from './plan.ts'

const UpdateRow = z.object({
  codename: z.string(),
  repo: z.string(),
  issue: z.int(),
  attempt: z.int(),
  title: z.string(),
  phase: z.string(),
  /** `null` as long as it is not over. */
  outcome: z.string().nullable(),
  createdAt: z.string(),
})

/** What `pawl audit list --json` prints, newest first. Times here and below are ISO 8601. */
export const AuditListDocument = z.object({ updates: z.array(UpdateRow) })

/** An event of the hash chain, with every column that its hash is taken over. */
const EventRow = z.object({
  seq: z.int(),
  at: z.string(),
  repo: z.string().nullable(),
  issue: z.int().nullable(),
  attempt: z.int().nullable(),
  codename: z.string().nullable(),
  kind: z.string(),
  data: z.json(),
  key: z.string(),
  prev: z.string(),
  hash: z.string(),
})

export const PhaseRow = z.object({ name: z.string(), startedAt: z.string(), ms: z.number(), attempts: z.int() })
export const ApprovalRow = z.object({ login: z.string(), digest: z.string(), at: z.string() })

/** What `pawl audit show <codename> --json` prints. */
export const AuditShowDocument = z.object({
  codename: z.string(),
  repo: z.string(),
  issue: z.int(),
  outcome: z.string().nullable(),
  plan: PlanDocument.nullable(),
  approvals: z.array(ApprovalRow),
  phases: z.array(PhaseRow),
  certificate: CertificateDocument.nullable(),
  events: z.array(EventRow),
})

/** What `pawl audit verify --json` prints; `fault` names the first event that does not fit. */
export const AuditVerifyDocument = z.object({
  events: z.int(),
  head: z.string(),
  verified: z.boolean(),
  fault: z.object({ seq: z.int().nullable(), reason: z.string() }).exactOptional(),
})

/** What `pawl audit export --json` prints; without `--json` each event is a line. */
export const AuditExportDocument = z.object({ events: z.array(EventRow) })
