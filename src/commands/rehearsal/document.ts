import { z } from 'zod'
import type { AuditLog } from '../../audit/log.ts'
import type { Update } from '../../audit/updates.ts'
import type { LocalGitHub } from '../../local-github/server.ts'
import { predictedFiles } from '../../planning/accuracy.ts'
import { calibration } from '../../planning/calibration.ts'
import type { Certificate, TreePoint } from '../../model.ts'
import { recordOf } from '../../stages/record.ts'
import { AccuracyDocument, accuracyOf, CalibrationDocument } from '../documents/accuracy.ts'
import { ApprovalRow, PhaseRow } from '../documents/audit.ts'
import { CertificateDocument, FindingDocument, PlanDocument, Point } from '../documents/plan.ts'
import type { Person } from './people.ts'

const Files = z.object({ files: z.array(z.string()) })

const RehearsedUpdate = z.object({
  issue: z.int(),
  codename: z.string(),
  outcome: z.string(),
  phases: z.array(PhaseRow),
  /** The whole plan with its digest; `null` when there never was one. */
  plan: PlanDocument.nullable(),
  approval: z.array(ApprovalRow),
  predicted: Files,
  actual: Files,
  accuracy: AccuracyDocument.nullable(),
  snapshot: Point.nullable(),
  merged: Point.nullable(),
  final: Point,
  deployments: z.array(z.object({ sha: z.string(), state: z.string() })),
  certificate: CertificateDocument.nullable(),
  findings: z.array(FindingDocument),
})

/** What `pawl rehearse --json` and `pawl demo --json` print. Durations are ms, times ISO 8601. */
export const RehearsalDocument = z.object({
  updates: z.array(RehearsedUpdate),
  /** Requests of the app to the embedded GitHub. */
  api: z.object({
    requests: z.int(),
    writes: z.int(),
    contentCreating: z.int(),
    byOperation: z.record(z.string(), z.int()),
  }),
  audit: z.object({ events: z.int(), head: z.string(), verified: z.boolean() }),
  /** How well the plans predicted, over all updates that succeeded. */
  accuracy: CalibrationDocument,
})
export type RehearsalDocument = z.output<typeof RehearsalDocument>

export type Told = { github: LocalGitHub; audit: AuditLog; person: Person; repo: string; branch: string }

/** Gathers the document from what GitHub and the audit log have now. `updates` are in the order they were opened. */
export async function documentOf(told: Told, updates: Update[]): Promise<RehearsalDocument> {
  const { events, head, verified } = await told.audit.verify()
  const final = await headOf(told)
  const deployments = await deploymentsOf(told)
  const rehearsed = await Promise.all(
    updates.map(async (update) => {
      const record = recordOf(update)
      const { progress, order, plan } = record
      const snapshot = progress?.snapshot ? { commit: progress.snapshot.commit, tree: progress.snapshot.tree } : null
      const certificate = await certificateOf(told, update.codename)
      const files = record.finished?.actual.files ?? (await filesOf(told, progress))
      return {
        issue: update.issue,
        codename: update.codename,
        outcome: update.outcome ?? 'running',
        phases: record.phases,
        plan,
        approval: order?.approvals ?? record.approvals,
        predicted: { files: plan ? predictedFiles(plan) : [] },
        actual: { files },
        accuracy: plan && files.length > 0 ? accuracyOf(plan, files, record) : null,
        snapshot,
        merged: progress?.merged ?? null,
        final: certificate?.final ?? progress?.merged ?? final,
        deployments: deployments
          .filter(({ codename }) => codename === update.codename)
          .map(({ sha, state }) => ({ sha, state })),
        certificate,
        findings: record.findings,
      }
    }),
  )
  const finished = updates.flatMap((update) => recordOf(update).finished ?? [])
  return RehearsalDocument.parse({
    updates: rehearsed,
    api: told.github.traffic(),
    audit: { events, head, verified },
    accuracy: calibration(finished),
  })
}

const at = ({ repo }: Told) => {
  const [owner = '', name = ''] = repo.split('/')
  return { owner, repo: name }
}

async function headOf(told: Told): Promise<TreePoint> {
  const { data } = await told.person.octokit.repos.getCommit({ ...at(told), ref: told.branch })
  return { commit: data.sha, tree: data.commit.tree.sha }
}

/** What a failed update had changed on its branch: the pull request still shows it. */
async function filesOf(told: Told, progress: { pull: number | null } | null): Promise<string[]> {
  if (!progress?.pull) return []
  const { data } = await told.person.octokit.pulls.listFiles({ ...at(told), pull_number: progress.pull, per_page: 100 })
  return data.map(({ filename }) => filename)
}

async function deploymentsOf(told: Told): Promise<{ codename: string; sha: string; state: string }[]> {
  const { octokit } = told.person
  const made = await octokit.paginate(octokit.repos.listDeployments, { ...at(told), per_page: 100 })
  const known = made.toReversed().map(async ({ id, sha, payload }) => {
    const { data } = await octokit.repos.listDeploymentStatuses({ ...at(told), deployment_id: id, per_page: 100 })
    // A good deployment that another has replaced is inactive by now; how it went is what counts here.
    const state = data.find((status) => status.state !== 'inactive')?.state ?? 'pending'
    const named = typeof payload === 'object' ? payload['codename'] : undefined
    const codename = typeof named === 'string' ? named : ''
    return { codename, sha, state }
  })
  return Promise.all(known)
}

async function certificateOf(told: Told, codename: string): Promise<Certificate | null> {
  const [event] = await told.audit.list({ codename, kinds: ['certificate'] })
  // Written by the stage that certifies, of this very type.
  return event ? (event.data as unknown as Certificate) : null
}
