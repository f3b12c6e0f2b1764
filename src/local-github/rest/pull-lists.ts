import { notFound, paged } from '../answers.ts'
import type { Handler, Handlers } from '../contract.ts'
import { commitsBetween, mergeBase } from '../git/compare.ts'
import { diffFiles } from '../git/diff.ts'
import { commitView, fileView } from '../views/commit.ts'
import { findPull } from './find-pull.ts'

const MOST_FILES = 3000
const MOST_COMMITS = 250

const listFiles: Handler = async (call, world) => {
  const both = findPull(call, world)
  if (both === undefined) return notFound()
  const { baseSha, headSha } = both.pull
  const directory = world.gitDir(call.repository)
  const base = await mergeBase(directory, baseSha, headSha)
  const files = await diffFiles(directory, base, headSha)
  return paged(call, files.slice(0, MOST_FILES), (file) => fileView(world, call.repository, headSha, file))
}

const listCommits: Handler = async (call, world) => {
  const both = findPull(call, world)
  if (both === undefined) return notFound()
  const { baseSha, headSha } = both.pull
  const commits = await commitsBetween(world.gitDir(call.repository), baseSha, headSha)
  return paged(call, commits.slice(0, MOST_COMMITS), (commit) => commitView(world, call.repository, commit))
}

export const pullLists: Handlers = {
  'pulls/list-files': listFiles,
  'pulls/list-commits': listCommits,
}
