import { chooseModel } from '../agents/model/provider.ts'
import { reviewByModel } from '../agents/review.ts'
import { dependencyReview } from '../github/dependencies.ts'
import { REVIEWERS, type ReviewerName } from '../config/risk.ts'
import type { ValidatorRow } from '../messages/check-summary.ts'
import type { Finding, GateName, MeasuredFile, Plan } from '../model.ts'
import { namesPackages, type Advisories } from '../validators/advisories.ts'
import { createValidators } from '../validators/choose.ts'
import type { Opinion } from '../validators/review.ts'
import type { ReviewContext, Validator } from '../validators/validator.ts'
import type { Order, Progress } from './order.ts'
import { mayNotSpend, metered } from './quota.ts'
import type { Services } from './services.ts'
import { benchAt, type Bench } from './settings.ts'

/** A reviewer that takes longer has failed, and a failed reviewer blocks. */
const LONGEST_MS = 120_000

/** What the validators said of exactly the tree that a merge onto `base` gives, and the times of the round, ms. */
export type Reviewed = {
  base: string
  tree: string | null
  findings: Finding[]
  rows: ValidatorRow[]
  decidesAfter: number[]
}

/** GATE1-2, GATE1-3 and their repetition in round 2: every validator on the result of the merge. */
export async function review(services: Services, order: Order, progress: Progress, round: 1 | 2): Promise<Reviewed> {
  const { request, plan } = order
  const bench = await benchAt(services, request, plan.base.commit)
  if (round === 1) await bench.git.fetch()
  const { config } = bench
  const { appears, timeout } = round === 1 ? config.validation.round1 : config.validation.round2
  const decidesAfter = [appears, timeout]
  const target = round === 1 ? await tryMerge(bench, order, progress) : merged(progress)
  if (target.tree === null) return { ...target, findings: [], rows: [], decidesAfter }
  const { files, diff, beyond } = await bench.git.measure(target.base, target.tree)
  const tree = target.tree
  const names = reviewersOf(plan)
  const gate = round === 1 ? 'round1' : 'round2'
  // What is too large to be read passes no reviewer.
  if (beyond !== null) return { ...target, findings: [tooLarge(gate, beyond)], rows: [], decidesAfter }
  const context: ReviewContext = {
    plan,
    files,
    diff,
    read: (path) => bench.git.readText(tree, path),
    readBase: (path) => bench.git.readText(target.base, path),
    tree: await bench.git.paths(tree),
    advisories: await advisoriesOn(bench, names, files, target.base, headOf(progress, round)),
    signal: AbortSignal.timeout(LONGEST_MS),
  }
  const opinion = () => askModel(services, bench, order, diff)
  const options = { gate, protectedPaths: config.protected, fileLimit: config.limits.file, opinion } as const
  // The tree of round 2 is the one that the model has read in round 1.
  const again = (name: string) => round === 2 && name === 'review'
  const validators = createValidators(
    names.filter((name) => !again(name)),
    options,
  )
  const said = await Promise.all(validators.map((validator) => ask(validator, context, gate)))
  return {
    ...target,
    findings: said.flatMap(({ findings }) => findings),
    rows: [
      ...said.map(({ row }) => row),
      ...names
        .filter(again)
        .map((name): ValidatorRow => ({ name, result: 'skipped', detail: 'the same tree as in round 1' })),
    ],
    decidesAfter,
  }
}

function tooLarge(gate: GateName, beyond: string): Finding {
  const message = `The change is too large: ${beyond}.`
  return { gate, severity: 'error', rule: 'change-too-large', message, remedy: 'Make a smaller change, or several.' }
}

const headOf = ({ head, merged }: Progress, round: 1 | 2) => (round === 1 ? head : merged)?.commit ?? ''

/** GitHub is asked only where the change may have changed a package. */
async function advisoriesOn(
  bench: Bench,
  names: string[],
  files: MeasuredFile[],
  base: string,
  head: string,
): Promise<Advisories> {
  if (!names.includes('dependencies') || !files.some(({ path }) => namesPackages(path))) return null
  return dependencyReview(bench.at, base, head)
}

/** What the configured model says of a change, within its own time. */
async function askModel(services: Services, bench: Bench, { request, plan }: Order, diff: string): Promise<Opinion> {
  const setting = bench.config.validation.review
  if (setting === null) throw new Error('it has no model')
  const chosen = chooseModel(setting.model, services.operator.servers)
  if (!chosen.ok) return { ok: false, reason: chosen.reason, spent: 'nothing' }
  const [over] = await mayNotSpend(services, request, 'round1')
  if (over !== undefined) return { ok: false, reason: over.message, spent: 'nothing' }
  const { codename, title, body, trust } = request
  const task = {
    title: { text: title, trust },
    body: { text: [body, ...request.answers].join('\n\n'), trust },
    plan: plan.tasks
      .map(({ id, title: what, mayTouch, changes }) => {
        const paths = [...changes.map(({ path }) => path), ...mayTouch]
        return `${id}. ${what}: ${paths.slice(0, 100).join(', ')}`
      })
      .join('\n'),
    diff,
  }
  const signal = AbortSignal.timeout(setting.budget.time + LONGEST_MS)
  return metered(services, request, (spend) =>
    reviewByModel(setting, chosen, task, {
      signal,
      spend(use) {
        services.log.info({ codename, ...use }, 'a model was asked for a review')
        spend(use)
      },
    }),
  )
}

/** Those that were approved with the plan, by the names that this version knows. */
const reviewersOf = ({ reviewers }: Plan): ReviewerName[] => REVIEWERS.filter((name) => reviewers.includes(name))

async function ask(validator: Validator, context: ReviewContext, gate: 'round1' | 'round2') {
  const findings = await validator.review(context).catch((error: unknown): Finding[] => [
    {
      gate,
      severity: 'error',
      rule: 'reviewer-error',
      message: `The reviewer ${validator.name} failed: ${error instanceof Error ? error.message : String(error)}`,
      remedy: 'Look at the log of the app for this codename, then comment /retry.',
    },
  ])
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const detail = errors > 0 ? `${errors} to mend` : findings.length > 0 ? `${findings.length} to know` : 'nothing found'
  const row: ValidatorRow = { name: validator.name, result: errors > 0 ? 'failed' : 'passed', detail }
  return { findings, row }
}

async function tryMerge(
  bench: Bench,
  order: Order,
  progress: Progress,
): Promise<{ base: string; tree: string | null }> {
  // The checks run on what the head holds. What others have merged since is caught up with, and then checked.
  const base = progress.base ?? order.plan.base.commit
  const result = await bench.git.mergeTree(base, progress.head?.commit ?? base)
  return { base, tree: result.ok ? result.tree : null }
}

function merged(progress: Progress): { base: string; tree: string | null } {
  return { base: progress.checked?.base ?? '', tree: progress.merged?.tree ?? null }
}
