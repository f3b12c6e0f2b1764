import { budgetText } from '../agents/model/budget.ts'
import type { Updates } from '../audit/updates.ts'
import type { Config } from '../config.ts'
import type { RepositoryGit } from '../git/repository.ts'
import type { FileChange, Finding, MeasuredFile, RepositoryName, TreePoint, UpdateRequest } from '../model.ts'
import type { ExportsOfPath, FinishedUpdate, MeasuredDraft, TaskDraft } from '../planning/facts.ts'
import { createPlan } from '../planning/plan.ts'
import { unjudged } from '../planning/unjudged.ts'
import type { Proposed } from '../planning/proposed.ts'
import { faultsOfDraft } from './before-push.ts'
import { makeChange, type Place } from './change.ts'
import type { Drafted, Ground, Proposal, Staged } from './order.ts'
import { dependencyFacts } from './dependency-facts.ts'
import { sha256 } from './hash.ts'
import { outlineOf } from './planner.ts'
import { finishedUpdates } from './record.ts'
import type { Services } from './services.ts'

/** How many finished updates estimates are made from. */
const HISTORY = 50

/** Where GitHub looks for owners, in its order. */
export const CODEOWNERS = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS']

type Tools = Pick<Services, 'mapper' | 'sandbox' | 'operator' | 'log'>

/**
 * Plans a request on a base: reads the request, tries the exact tasks out in a scratch workspace, measures what they
 * really change, and gives all of that to the planner. What the request leaves open comes back as questions.
 */
export async function draftPlan(
  tools: Tools,
  place: Place,
  proposal: Proposal,
  base: TreePoint,
  known: { ground: Ground; history: FinishedUpdate[]; proposed: Proposed | null },
): Promise<Staged<Drafted>> {
  const { request, revisions, revision } = proposal
  const { git, config } = place
  const paths = await git.paths(base.commit)
  const { parsed, drafts, questions } = outlineOf(tools, place, request, known.proposed, revisions, paths)
  if (questions.length > 0) return { ok: false, findings: questions }

  const tried = await tryOut(tools, place, request, drafts, base)
  if (!tried.ok) return tried
  const { measured, diffs, tree } = tried.value
  const changed = [...new Set(measured.flatMap(({ files }) => files.map(({ path }) => path)))]
  const plan = createPlan(
    {
      request,
      revision,
      base: { ...base, branch: request.defaultBranch },
      config,
      parsed,
      drafts,
      measured,
      diffs,
      paths,
      ...(await dependencyFacts(tools, git, base, tree, request.at)),
      exports: await exportsOf(tools, git, base.commit, tree, changed),
      codeowners: await firstText(git, base.commit, CODEOWNERS),
      workflows: await workflowsOf(git, tree, tree === base.tree ? paths : await git.paths(tree)),
      requiredChecks: known.ground.requiredChecks,
      history: known.history,
      checkDurations: known.ground.checkDurations,
      revisions,
      budget: budgetOf(config, drafts),
    },
    sha256,
  )
  const open = unjudged(plan, config)
  if (open !== null) return { ok: false, findings: [open] }
  return { ok: true, value: { plan, notes: [...known.ground.warnings, ...parsed.notes] } }
}

/** What the models may use that have tasks. */
function budgetOf({ agents, validation: { review } }: Config, drafts: TaskDraft[]): string | null {
  const settings = agents.flatMap((each) => (each.use === 'model' ? [each] : []))
  const tasks = settings.filter(({ name }) => drafts.some(({ agent }) => agent === name))
  const used = [...tasks, ...(review === null ? [] : [{ ...review, name: 'review' }])]
  return used.length === 0 ? null : used.map((each) => `${each.name}: ${budgetText(each)}`).join('; ')
}

/** Does the exact drafts one after the other in a scratch workspace; `tree` is what comes out. */
async function tryOut(
  tools: Tools,
  place: Place,
  request: UpdateRequest,
  drafts: TaskDraft[],
  base: TreePoint,
): Promise<Staged<{ measured: MeasuredDraft[]; diffs: string[]; tree: string }>> {
  const measured: MeasuredDraft[] = []
  const diffs: string[] = []
  let tree = base.tree
  for (const draft of drafts) {
    if (!draft.exact) continue
    const change = await makeChange(tools, place, request, draft, tree)
    if (!change.ok) return { ok: false, findings: change.findings.map((each) => ({ ...each, gate: 'plan' as const })) }
    const { files } = change.value
    if (files.length === 0) return { ok: false, findings: [nothingToChange(draft)] }
    const changes = files.map(asFileChange)
    const faults = await faultsOfDraft(place, draft, tree, { ...change.value, changes })
    if (faults.length > 0) return { ok: false, findings: faults }
    const binary = files.filter((file) => file.binary).map(({ path }) => path)
    measured.push({ task: draft.id, files: changes, binary })
    diffs.push(change.value.diff)
    tree = change.value.tree
  }
  return { ok: true, value: { measured, diffs, tree } }
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

export function asFileChange({ path, kind, additions, deletions, from, blob }: MeasuredFile): FileChange {
  return {
    path,
    kind,
    additions,
    deletions,
    ...(from === undefined ? {} : { from }),
    ...(blob === undefined ? {} : { blob }),
  }
}

async function exportsOf(
  tools: Tools,
  git: RepositoryGit,
  base: string,
  tree: string,
  changed: string[],
): Promise<ExportsOfPath[]> {
  const before = await tools.mapper.exportsOf(git.path, base, changed)
  const after = await tools.mapper.exportsOf(git.path, tree, changed)
  return changed.map((path) => ({ path, before: before.get(path) ?? null, after: after.get(path) ?? null }))
}

export async function firstText(git: RepositoryGit, commit: string, paths: string[]): Promise<string | null> {
  for (const path of paths) {
    const text = await git.readText(commit, path)
    if (text !== null) return text
  }
  return null
}

/** The workflow files of a commit or tree. */
export async function workflowsOf(
  git: RepositoryGit,
  commit: string,
  paths: string[],
): Promise<{ path: string; text: string }[]> {
  const files = paths.filter((path) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path))
  return Promise.all(files.map(async (path) => ({ path, text: (await git.readText(commit, path)) ?? '' })))
}

/** The finished updates of a repository, for estimates. */
export async function historyOf(updates: Updates, repo: RepositoryName): Promise<FinishedUpdate[]> {
  const kept = await finishedUpdates(updates, { repo, limit: HISTORY })
  return kept.map(({ finished }) => finished)
}
