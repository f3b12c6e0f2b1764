import { createHash } from 'node:crypto'
import { createAgents } from '../agents/choose.ts'
import type { FileChange, Finding, Plan, TreePoint, UpdateRequest } from '../model.ts'
import type { ExportsOfPath, FinishedUpdate, MeasuredDraft, TaskDraft } from '../planning/facts.ts'
import { createPlan } from '../planning/plan.ts'
import { parseRequest } from '../planning/request.ts'
import { draftTasks, questionsAbout } from '../planning/tasks.ts'
import type { MeasuredFile } from '../validators/validator.ts'
import { makeChange } from './change.ts'
import type { Ground, Proposal, Staged } from './order.ts'
import { recordOf } from './record.ts'
import type { Services } from './services.ts'
import { benchAt, type Bench } from './settings.ts'

/** How many finished updates estimates are made from. */
const HISTORY = 50

const CODEOWNERS = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS']

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/**
 * Plans a request on a base: reads the request, tries the exact tasks out in a scratch workspace, measures what they
 * really change, and gives all of that to the planner. What the request leaves open comes back as questions.
 */
export async function draftPlan(
  services: Services,
  proposal: Proposal,
  base: TreePoint,
  ground: Ground,
): Promise<Staged<Plan>> {
  const { request, revisions, revision } = proposal
  const bench = await benchAt(services, request, base.commit)
  const parsed = parseRequest(request)
  const { agents } = createAgents(bench.config.agents, refuseToApply)
  const { drafts, questions } = draftTasks(parsed, agents, revisions)
  const paths = await bench.git.paths(base.commit)
  const open = [...parsed.questions, ...questions, ...questionsAbout(drafts, paths)]
  if (open.length > 0) return { ok: false, findings: open }

  const tried = await tryOut(services, bench, request, drafts, base)
  if (!tried.ok) return tried
  const { measured, tree } = tried.value
  const map = await services.mapper.map(bench.git.path, base.commit)
  const changed = [...new Set(measured.flatMap(({ files }) => files.map(({ path }) => path)))]
  const plan = createPlan(
    {
      request,
      revision,
      base: { ...base, branch: request.defaultBranch },
      config: bench.config,
      parsed,
      drafts,
      measured,
      paths,
      dependencies: map.dependencies,
      entryPoints: map.entryPoints,
      unresolved: map.unresolved.length,
      exports: await exportsOf(services, bench, base.commit, tree, changed),
      codeowners: await firstText(bench, base.commit, CODEOWNERS),
      workflows: await workflowsOf(bench, base.commit, paths),
      requiredChecks: ground.requiredChecks,
      history: await historyOf(services, request),
      checkDurations: ground.checkDurations,
      revisions,
      budget: null,
    },
    sha256,
  )
  return { ok: true, value: plan }
}

/** Does the exact drafts one after the other in a scratch workspace; `tree` is what comes out. */
async function tryOut(
  services: Services,
  bench: Bench,
  request: UpdateRequest,
  drafts: TaskDraft[],
  base: TreePoint,
): Promise<Staged<{ measured: MeasuredDraft[]; tree: string }>> {
  const measured: MeasuredDraft[] = []
  let tree = base.tree
  for (const draft of drafts) {
    if (!draft.exact) continue
    const change = await makeChange(services, bench, request, draft, tree)
    if (!change.ok) return { ok: false, findings: change.findings.map((each) => ({ ...each, gate: 'plan' as const })) }
    const { files } = change.value
    if (files.length === 0) return { ok: false, findings: [nothingToChange(draft)] }
    const binary = files.filter((file) => file.binary).map(({ path }) => path)
    measured.push({ task: draft.id, files: files.map(asFileChange), binary })
    tree = change.value.tree
  }
  return { ok: true, value: { measured, tree } }
}

function nothingToChange(draft: TaskDraft): Finding {
  return {
    gate: 'plan',
    severity: 'error',
    rule: 'nothing-to-change',
    message: `Task ${draft.id} changes nothing: the default branch already has what it asks for.`,
    remedy: 'Close the issue, or say what is still to be changed.',
  }
}

export function asFileChange({ path, kind, additions, deletions, from }: MeasuredFile): FileChange {
  return { path, kind, additions, deletions, ...(from === undefined ? {} : { from }) }
}

async function exportsOf(
  services: Services,
  bench: Bench,
  base: string,
  tree: string,
  changed: string[],
): Promise<ExportsOfPath[]> {
  const before = await services.mapper.exportsOf(bench.git.path, base, changed)
  const after = await services.mapper.exportsOf(bench.git.path, tree, changed)
  return changed.map((path) => ({ path, before: before.get(path) ?? null, after: after.get(path) ?? null }))
}

async function firstText(bench: Bench, commit: string, paths: string[]): Promise<string | null> {
  for (const path of paths) {
    const text = await bench.git.readText(commit, path)
    if (text !== null) return text
  }
  return null
}

async function workflowsOf(bench: Bench, commit: string, paths: string[]): Promise<{ path: string; text: string }[]> {
  const files = paths.filter((path) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path))
  const read = files.map(async (path) => ({ path, text: (await bench.git.readText(commit, path)) ?? '' }))
  return Promise.all(read)
}

async function historyOf(services: Services, request: UpdateRequest): Promise<FinishedUpdate[]> {
  const finished = await services.updates.finished(request.repo, HISTORY)
  return finished.flatMap((update) => recordOf(update).finished ?? [])
}

/** The agents are only asked what they accept here; no workspace exists yet. */
const refuseToApply = () => Promise.reject(new Error('There is no workspace to apply a diff in.'))
