import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { agentEnvironment } from '../config/agent-environment.ts'
import { parseConfig } from '../config/parse.ts'
import { openGit } from '../git/open.ts'
import { createMapper } from '../graph/map.ts'
import { createLog } from '../main/log.ts'
import { renderPlan } from '../messages/plan-comment.ts'
import { renderQuestions } from '../messages/questions.ts'
import { createWords } from '../messages/words.ts'
import type { UpdateRequest } from '../model.ts'
import { noRevisions } from '../planning/revision.ts'
import { describe } from '../policy/authorisation.ts'
import { createSandbox } from '../sandbox/sandbox.ts'
import { draftPlan } from '../stages/draft.ts'
import type { Drafted, Staged } from '../stages/order.ts'
import { askPlanner } from '../stages/planner.ts'
import { CONFIG_PATH } from '../stages/settings.ts'
import { ProposalDocument } from './documents/plan.ts'
import { UsageError, type Status } from './failure.ts'
import { gitDirOf, headOf } from './git-dir.ts'
import { readGiven } from './given-file.ts'
import { graphCache } from './graph-cache.ts'
import { print, printJson, tell } from './output.ts'
import { readRequest } from './rehearsal/request-file.ts'

type PlanOptions = { repo: string; request: string; config?: string; json?: boolean }

/** `pawl plan`: what Pawl would propose for a request on the checked-out commit. Nothing is changed anywhere. */
export async function planCommand(options: PlanOptions): Promise<Status> {
  const asked = readRequest(await readGiven(options.request), options.request)
  const given = options.config === undefined ? null : await readGiven(options.config)
  const scratch = await mkdtemp(join(tmpdir(), 'pawl-plan-'))
  const mapper = createMapper({ cacheDir: graphCache() })
  try {
    const source = gitDirOf(options.repo)
    const git = openGit(scratch).repository('local/checkout', {
      url: resolve(source),
      token: () => Promise.resolve(''),
    })
    await git.fetch()
    const { branch, commit } = headOf(source)
    const base = await git.point(commit)
    if (!base) throw new UsageError(`${commit} of ${options.repo} is on no branch: check one out.`)
    const config = parsed(given ?? (await git.readText(base.commit, CONFIG_PATH)) ?? '')
    const request = requestOf(asked, branch)
    const { agents: operator } = agentEnvironment(process.env)
    const tools = { mapper, sandbox: createSandbox(), operator, log: createLog('error') }
    const ground = { requiredChecks: [], requiredReviews: 0, pullRequestOnly: false, checkDurations: [], warnings: [] }
    const proposal = { request, revision: 1, previous: null, revisions: noRevisions, because: [], voided: false }
    const place = { git, config }
    const planner = await askPlanner(tools, place, request, base.commit, null)
    const proposed = planner?.proposed ?? null
    const drafted: Staged<Drafted> =
      planner && planner.questions.length > 0
        ? { ok: false, findings: planner.questions }
        : await draftPlan(tools, place, proposal, base, { ground, history: [], proposed })
    const words = createWords(config.theme, config.messages)
    const { codename, requester } = request
    if (!drafted.ok) {
      if (options.json) printJson(ProposalDocument.parse({ plan: null, questions: drafted.findings }))
      else tell(renderQuestions({ codename, requester, questions: drafted.findings }, words))
      return 1
    }
    const { approval } = config
    const view = {
      ...drafted.value,
      previous: null,
      because: [],
      voided: false,
      approvers: describe(approval),
      expires: approval.expires,
    }
    if (options.json) printJson({ plan: drafted.value.plan, questions: [] })
    else print(renderPlan(view, words))
    return 0
  } finally {
    await mapper.close()
    await rm(scratch, { recursive: true, force: true })
  }
}

function parsed(text: string) {
  const read = parseConfig(text)
  if (read.ok) return read.config
  const faults = read.faults.map(({ line, path, message, remedy }) => `  line ${line}: ${path} ${message}; ${remedy}`)
  throw new UsageError(`The configuration is not valid:\n${faults.join('\n')}`)
}

function requestOf(text: { title: string; body: string }, branch: string): UpdateRequest {
  return {
    repo: 'local/checkout',
    installation: 0,
    issue: 1,
    attempt: 1,
    codename: 'plan',
    requester: 'you',
    ...text,
    answers: [],
    trust: 'maintainer',
    label: 'pawl',
    labels: ['pawl'],
    defaultBranch: branch,
    cloneUrl: '',
    htmlUrl: '',
    at: new Date(0).toISOString(),
  }
}
