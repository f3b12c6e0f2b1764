import type { RunTrigger, TriggerRecord } from './code-records.ts'
import type { JsonObject, World } from './contract.ts'
import { readCommits } from './git/commits.ts'
import { mergeBase } from './git/compare.ts'
import type { Sha } from './git/contract.ts'
import { changedPaths } from './git/diff.ts'
import { mergeCommits } from './git/merge.ts'
import { readRefFile } from './git/ref-files.ts'
import { readRef, resolveCommit } from './git/refs.ts'
import { number, object, text } from './json.ts'
import { pullByNumber } from './pulls.ts'
import type { RepositoryRecord } from './records.ts'
import { webFlow } from './signatures.ts'
import { trialMerge } from './trial-merge.ts'

/** What an event means for a run: what is checked out, and on which commit the checks are reported. */
export interface Occasion extends RunTrigger {
  headSha: Sha
  headBranch: string | null
  title: string | null
  pullNumbers: number[]
}

const MOST_PATHS = 300
const zero = '0'.repeat(40)

/**
 * The occasions of something that happened (a pull request makes two: in its merge, and in its base), from "Events that
 * trigger workflows" (docs.github.com). None where GitHub starts nothing: a deleted branch, a pull request in conflict.
 */
export async function occasionsOf(
  world: World,
  repository: RepositoryRecord,
  { event, payload }: Pick<TriggerRecord, 'event' | 'payload'>,
): Promise<Occasion[]> {
  switch (event) {
    case 'push':
      return ofPush(world, repository, payload)
    case 'pull_request':
    case 'pull_request_review':
      return ofPull(world, repository, event, payload)
    case 'create':
      return ofRef(world, repository, event, payload, `refs/${kindOf(payload)}/${text(payload['ref']) ?? ''}`)
    case 'workflow_dispatch':
      return ofRef(world, repository, event, payload, text(payload['ref']) ?? '')
    case 'release':
      return ofRef(world, repository, event, payload, `refs/tags/${text(at(payload, 'release')['tag_name']) ?? ''}`)
    case 'deployment':
    case 'deployment_status':
      return ofDeployment(world, repository, event, payload)
    default:
      return ofRef(world, repository, event, payload, `refs/heads/${repository.defaultBranch}`)
  }
}

const at = (value: JsonObject, name: string): JsonObject => object(value[name]) ?? {}
const kindOf = (payload: JsonObject): string => (text(payload['ref_type']) === 'tag' ? 'tags' : 'heads')
const shortName = (ref: string): string => ref.replace(/^refs\/(heads|tags)\//, '')
const firstLine = (message: string | undefined): string | null => message?.split('\n')[0] ?? null

function occasion(event: string, payload: JsonObject, ref: string, sha: Sha): Occasion {
  const place = { ref, sha, headSha: sha, headBranch: ref === '' ? null : shortName(ref) }
  return { event, payload, ...place, changedFiles: null, headRef: '', baseRef: '', title: null, pullNumbers: [] }
}

async function ofPush(world: World, repository: RepositoryRecord, payload: JsonObject): Promise<Occasion[]> {
  const ref = text(payload['ref']) ?? ''
  const head = at(payload, 'head_commit')
  const sha = text(head['id'])
  if (sha === undefined || asksToSkip(text(head['message']) ?? '')) return []
  const title = firstLine(text(head['message']))
  return [
    { ...occasion('push', payload, ref, sha), title, changedFiles: await pushedPaths(world, repository, payload, sha) },
  ]
}

/** A tag passes every filter of paths, as does a branch that brings no commit of its own. */
async function pushedPaths(
  world: World,
  repository: RepositoryRecord,
  payload: JsonObject,
  sha: Sha,
): Promise<string[] | null> {
  const directory = world.gitDir(repository)
  if (text(payload['ref'])?.startsWith('refs/tags/') === true) return null
  const before = text(payload['before'])
  if (before !== undefined && before !== zero) return limited(await changedPaths(directory, before, sha))
  const tip = await readRefFile(directory, `refs/heads/${repository.defaultBranch}`)
  const base = tip === null || tip === sha ? null : await mergeBase(directory, tip, sha)
  return base === null || base === sha ? null : limited(await changedPaths(directory, base, sha))
}

/** "Skipping workflow runs": words in the message of the head commit, for pushes and pull requests. */
const asksToSkip = (message: string): boolean => /\[(skip ci|ci skip|no ci|skip actions|actions skip)\]/.test(message)

const limited = (paths: string[]): string[] | null => (paths.length > MOST_PATHS ? null : paths)

async function ofPull(
  world: World,
  repository: RepositoryRecord,
  event: string,
  payload: JsonObject,
): Promise<Occasion[]> {
  const shown = at(payload, 'pull_request')
  const both = pullByNumber(world, repository, number(shown['number']) ?? 0)
  const headSha = text(at(shown, 'head')['sha'])
  if (both === undefined || headSha === undefined) return []
  const { issue, pull } = both
  const directory = world.gitDir(repository)
  const [sha, base] = await Promise.all([
    mergeOf(world, repository, issue.number, headSha),
    mergeBase(directory, pull.baseSha, headSha),
  ])
  const changedFiles = base === null ? null : limited(await changedPaths(directory, base, headSha))
  const sides = { headRef: pull.headRef, baseRef: pull.baseRef, headSha, headBranch: pull.headRef }
  const common = { ...sides, changedFiles, title: issue.title, pullNumbers: [issue.number] }
  const target = occasion('pull_request_target', payload, `refs/heads/${pull.baseRef}`, pull.baseSha)
  const [head] = await readCommits(directory, [headSha])
  const merged =
    sha === null || asksToSkip(head?.message ?? '')
      ? []
      : [{ ...occasion(event, payload, `refs/pull/${issue.number}/merge`, sha), ...common }]
  return event === 'pull_request' ? [...merged, { ...target, ...common }] : merged
}

/** The merge commit that a run of a pull request checks out; null when there is a conflict. */
async function mergeOf(world: World, repository: RepositoryRecord, issue: number, headSha: Sha): Promise<Sha | null> {
  return world.exclusively(repository.id, async () => {
    const before = pullByNumber(world, repository, issue)
    if (before === undefined) return null
    await trialMerge(world, repository, before.pull.id)
    const { pull } = pullByNumber(world, repository, issue) ?? before
    if (pull.headSha === headSha) return pull.mergeCommitSha
    // Another push came meanwhile: this one still gets its run.
    const person = webFlow(world)
    const message = `Merge ${headSha} into ${pull.baseSha}`
    const identity = { message, author: person, committer: person }
    const merged = await mergeCommits(world.gitDir(repository), pull.baseSha, headSha, identity)
    return merged.ok ? merged.sha : null
  })
}

async function ofRef(
  world: World,
  repository: RepositoryRecord,
  event: string,
  payload: JsonObject,
  ref: string,
): Promise<Occasion[]> {
  const directory = world.gitDir(repository)
  const sha = await resolveCommit(directory, ref)
  return sha === null ? [] : [occasion(event, payload, ref, sha)]
}

async function ofDeployment(
  world: World,
  repository: RepositoryRecord,
  event: string,
  payload: JsonObject,
): Promise<Occasion[]> {
  const deployment = at(payload, 'deployment')
  const sha = text(deployment['sha'])
  const named = text(deployment['ref']) ?? ''
  // "When a deployment status's state is set to inactive, a workflow run will not be triggered."
  if (sha === undefined || text(at(payload, 'deployment_status')['state']) === 'inactive') return []
  const directory = world.gitDir(repository)
  for (const kind of ['heads', 'tags']) {
    const ref = await readRef(directory, `refs/${kind}/${shortName(named)}`)
    if (ref !== null) return [occasion(event, payload, ref.name, sha)]
  }
  return [occasion(event, payload, '', sha)]
}
