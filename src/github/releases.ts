import { expecting } from './answers.ts'
import type { RepositoryConnection } from './client.ts'

export type Release = { id: number; url: string }

/** The release of a tag, `null` when there is none. */
export async function releaseOf(at: RepositoryConnection, tag: string): Promise<Release | null> {
  const answer = await expecting([404], () => at.octokit.repos.getReleaseByTag({ owner: at.owner, repo: at.repo, tag }))
  return answer.ok ? { id: answer.value.data.id, url: answer.value.data.html_url } : null
}

/** Publishes a release; GitHub makes the tag on the commit. */
export async function createRelease(
  at: RepositoryConnection,
  wanted: { tag: string; sha: string; body: string },
): Promise<({ ok: true } & Release) | { ok: false; message: string }> {
  const answer = await expecting([404, 422], () =>
    at.octokit.repos.createRelease({
      owner: at.owner,
      repo: at.repo,
      tag_name: wanted.tag,
      target_commitish: wanted.sha,
      name: wanted.tag,
      body: wanted.body,
    }),
  )
  if (!answer.ok) return { ok: false, message: answer.message }
  return { ok: true, id: answer.value.data.id, url: answer.value.data.html_url }
}
