import type { ChecksSetting } from '../config.ts'
import type { ExpectedChecks } from '../model.ts'
import { hasCheck, readWorkflow, startedBy, type Trigger, type Workflow } from './workflow.ts'

type WorkflowText = { path: string; text: string }

/** What decides which checks a round waits for. */
export type CheckFacts = {
  rounds: { round1: ChecksSetting; round2: ChecksSetting }
  /** Names that branch protection or rulesets require. */
  required: string[]
  /** Names that `/revise check` added. */
  added: string[]
  /** The workflow files as they are with the change. */
  workflows: WorkflowText[]
  defaultBranch: string
  updateBranch: string
  /** Changed paths, of the whole change and of its last commit; `null` when the change is not known beforehand. */
  files: { all: string[]; last: string[] } | null
}

const none: ExpectedChecks = { mode: 'none', names: [], workflows: 0 }

/**
 * The checks of both rounds. `auto` means the required ones, and where nothing is required all of GitHub Actions; a setting of
 * names means these. Round 1 sees the runs for the pull request and for the push of its branch, round 2 those for the push to the
 * default branch: a required check that only pull requests start is not waited for there.
 */
export function expectedChecks(facts: CheckFacts): { round1: ExpectedChecks; round2: ExpectedChecks } {
  const { rounds, required, added, defaultBranch, updateBranch, files } = facts
  const workflows = readable(facts.workflows)
  const pull: Trigger = { event: 'pull_request', branch: defaultBranch, files: files?.all ?? null }
  // A branch may be pushed task by task: of the push that brings the head only the last commit is certain.
  const push: Trigger = { event: 'push', branch: updateBranch, files: files?.last ?? null }
  const merge: Trigger = { event: 'push', branch: defaultBranch, files: files?.all ?? null }
  return {
    round1: expected(rounds.round1, { required, added, workflows, triggers: [pull, push] }),
    round2: expected(rounds.round2, { required, added, workflows, triggers: [merge] }),
  }
}

/**
 * The checks that the head of the default branch should have, whatever its last push changed. Where only workflows run that
 * look at the changed paths none can be insisted on.
 */
export function checksAfterPush(
  setting: ChecksSetting,
  required: string[],
  workflows: WorkflowText[],
  branch: string,
): ExpectedChecks {
  const triggers: Trigger[] = [{ event: 'push', branch, files: null }]
  const found = expected(setting, { required, added: [], workflows: readable(workflows), triggers })
  return found.mode === 'all' && found.workflows === 0 ? none : found
}

/** Whether a workflow would hear of a deployment that is created through GitHub's API. */
export function listensToDeployments(workflows: WorkflowText[]): boolean {
  const trigger: Trigger = { event: 'deployment', branch: '', files: null }
  return readable(workflows).some((workflow) => startedBy(workflow, trigger) === 'yes')
}

function readable(workflows: WorkflowText[]): Workflow[] {
  return workflows.flatMap(({ path, text }) => readWorkflow(path, text) ?? [])
}

type Here = { required: string[]; added: string[]; workflows: Workflow[]; triggers: Trigger[] }

function expected(setting: ChecksSetting, { required, added, workflows, triggers }: Here): ExpectedChecks {
  const starts = workflows.map((workflow) => {
    const answers = triggers.map((trigger) => startedBy(workflow, trigger))
    return {
      workflow,
      certain: answers.filter((one) => one === 'yes').length,
      may: answers.some((one) => one !== 'no'),
    }
  })
  // The check of an app outside GitHub Actions is in no workflow: it is waited for. Our own verdict is never our own gate.
  const comesHere = (name: string) => {
    const having = starts.filter(({ workflow }) => hasCheck(workflow, name))
    return !name.startsWith('Pawl / ') && (having.length === 0 || having.some(({ may }) => may))
  }
  const named = setting === 'auto' ? required.filter(comesHere) : setting
  const more = added.filter(comesHere)
  const names = [...new Set([...named, ...more])].sort()
  if (named.length > 0 || (setting !== 'auto' && names.length > 0)) {
    const theirs = starts.filter(({ workflow }) => names.some((name) => hasCheck(workflow, name)))
    return { mode: 'named', names, workflows: runs(theirs) }
  }
  if (setting !== 'auto') return none
  if (starts.some(({ may }) => may)) return { mode: 'all', names, workflows: runs(starts) }
  return names.length > 0 ? { mode: 'named', names, workflows: 0 } : none
}

function runs(starts: { certain: number }[]): number {
  return starts.reduce((sum, { certain }) => sum + certain, 0)
}
