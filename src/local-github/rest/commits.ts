import { answer, paged, refuse } from '../answers.ts'
import type { Call, Handler, Handlers, JsonObject } from '../contract.ts'
import { listCommits, readCommits } from '../git/commits.ts'
import { compare as compareCommits } from '../git/compare.ts'
import type { Commit } from '../git/contract.ts'
import { diffFiles, diffText } from '../git/diff.ts'
import { isAncestor } from '../git/refs.ts'
import { number, text } from '../json.ts'
import { pulls } from '../pulls.ts'
import { findRevision } from '../revisions.ts'
import { commitView, fileView } from '../views/commit.ts'
import { simplePullView } from '../views/pull.ts'
import { repositoryPage, repositoryUrl } from '../views/repository.ts'

const MOST_FILES = 300
const MOST_COMMITS = 250

/** A page of something that git lists page by page, so that its whole length is not known. */
function pageOf(call: Call): { page: number; perPage: number } {
  return { page: number(call.query['page']) ?? 1, perPage: Math.min(number(call.query['per_page']) ?? 30, 100) }
}

const list: Handler = async (call, world) => {
  const { repository, query } = call
  const from = text(query['sha']) ?? repository.defaultBranch
  const found = await findRevision(world, repository, from)
  if (!found.ok) {
    return text(query['sha']) === undefined ? refuse(409, 'Git Repository is empty.') : refuse(404, 'Not Found')
  }
  const { page, perPage } = pageOf(call)
  const filters = Object.fromEntries(
    ['path', 'since', 'until'].flatMap((name) => (text(query[name]) === undefined ? [] : [[name, text(query[name])]])),
  )
  const commits = await listCommits(world.gitDir(repository), {
    from: found.commit.sha,
    ...filters,
    skip: (page - 1) * perPage,
    limit: perPage + 1,
  })
  return {
    status: 200,
    body: commits.slice(0, perPage).map((commit) => commitView(world, repository, commit)),
    pages: { page, last: commits.length > perPage ? page + 1 : page },
  }
}

const get: Handler = async (call, world) => {
  const { repository, accept } = call
  const found = await findRevision(world, repository, call.text('ref'))
  if (!found.ok) return found.answer
  const { commit } = found
  const directory = world.gitDir(repository)
  const [parent = null] = commit.parents
  if (accept.includes('.sha')) return plain(commit.sha)
  if (accept.includes('.diff')) return plain(await diffText(directory, parent, commit.sha))
  const files = await diffFiles(directory, parent, commit.sha)
  const additions = files.reduce((sum, file) => sum + file.additions, 0)
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0)
  return answer(200, {
    ...commitView(world, repository, commit),
    stats: { additions, deletions, total: additions + deletions },
    files: files.slice(0, MOST_FILES).map((file) => fileView(world, repository, commit.sha, file)),
  })
}

/** An answer in one of GitHub's media types that are no JSON. */
export function plain(body: string): { status: number; body: string; contentType: string } {
  return { status: 200, body, contentType: 'text/plain; charset=utf-8' }
}

const compare: Handler = async (call, world) => {
  const { repository } = call
  const parts = /^(?:[^:]*:)?(.+?)\.{3}(?:[^:]*:)?(.+)$/.exec(call.text('basehead'))
  if (parts === null) return refuse(404, 'Not Found')
  const [base, head] = await Promise.all([
    findRevision(world, repository, parts[1] ?? ''),
    findRevision(world, repository, parts[2] ?? ''),
  ])
  if (!base.ok || !head.ok) return refuse(404, 'Not Found')
  const directory = world.gitDir(repository)
  const compared = await compareCommits(directory, base.commit.sha, head.commit.sha)
  const { mergeBase } = compared
  if (mergeBase === null) return refuse(404, `No common ancestor between ${parts[1] ?? ''} and ${parts[2] ?? ''}.`)
  if (call.accept.includes('.diff')) return plain(await diffText(directory, mergeBase, head.commit.sha))
  const [ancestor] = await readCommits(directory, [mergeBase])
  const view = (commit: Commit): JsonObject => commitView(world, repository, commit)
  const page = `${repositoryPage(world, repository)}/compare/${call.text('basehead')}`
  return answer(200, {
    url: `${repositoryUrl(world, repository)}/compare/${call.text('basehead')}`,
    html_url: page,
    permalink_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    base_commit: view(base.commit),
    merge_base_commit: view(ancestor ?? base.commit),
    status: compared.status,
    ahead_by: compared.aheadBy,
    behind_by: compared.behindBy,
    total_commits: compared.aheadBy,
    commits: compared.commits.slice(-MOST_COMMITS).map(view),
    files: compared.files.slice(0, MOST_FILES).map((file) => fileView(world, repository, head.commit.sha, file)),
  })
}

/** Pull requests that a commit came with, or that are open with it: their head holds it and their base did not. */
const listPulls: Handler = async (call, world) => {
  const { repository } = call
  const found = await findRevision(world, repository, call.text('commit_sha'))
  if (!found.ok) return found.answer
  const { sha } = found.commit
  const directory = world.gitDir(repository)
  const associated = await Promise.all(
    pulls(world, repository).map(async (both) => {
      const { headSha, baseSha, merged, mergeCommitSha } = both.pull
      if (headSha === sha || (merged && mergeCommitSha === sha)) return [both]
      const [inHead, inBase] = await Promise.all([
        isAncestor(directory, sha, headSha),
        isAncestor(directory, sha, baseSha),
      ])
      return inHead && (!inBase || merged) ? [both] : []
    }),
  )
  return paged(call, associated.flat(), (both) => simplePullView(world, repository, both))
}

const dependencies: Handler = async (call, world) => {
  const [base = '', head = ''] = call.text('basehead').split('...')
  const [from, to] = await Promise.all([base, head].map((revision) => findRevision(world, call.repository, revision)))
  if (!from?.ok || !to?.ok) return refuse(404, 'Not Found')
  const { files } = await compareCommits(world.gitDir(call.repository), from.commit.sha, to.commit.sha)
  const changed = new Set(files.map(({ filename }) => filename))
  // No manifest is read here: what a changed one adds was seeded.
  const added = world.store.list('dependency', call.repository.id).filter(({ manifest }) => changed.has(manifest))
  return answer(
    200,
    added.map(({ manifest, ecosystem, name, version, license, vulnerabilities }) => ({
      change_type: 'added',
      manifest,
      ecosystem,
      name,
      version,
      package_url: `pkg:${ecosystem}/${name}@${version}`,
      license,
      source_repository_url: null,
      scope: 'runtime',
      vulnerabilities: vulnerabilities.map(({ severity, ghsa, summary }) => ({
        severity,
        advisory_ghsa_id: ghsa,
        advisory_summary: summary,
        advisory_url: `https://github.com/advisories/${ghsa}`,
      })),
    })),
  )
}

export const commits: Handlers = {
  'repos/list-commits': list,
  'repos/get-commit': get,
  'repos/compare-commits-with-basehead': compare,
  'repos/list-pull-requests-associated-with-commit': listPulls,
  'dependency-graph/diff-range': dependencies,
}
