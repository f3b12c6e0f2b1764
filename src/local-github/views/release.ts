import type { ReleaseRecord } from '../code-records.ts'
import type { JsonObject, World } from '../contract.ts'
import { userById } from '../people.ts'
import type { RepositoryRecord } from '../records.ts'
import { repositoryPage, repositoryUrl } from './repository.ts'
import { nodeId, userView } from './user.ts'

/** GitHub's `release`. */
export function releaseView(world: World, repository: RepositoryRecord, release: ReleaseRecord): JsonObject {
  const address = repositoryUrl(world, repository)
  const url = `${address}/releases/${release.id}`
  const tag = encodeURIComponent(release.tag)
  return {
    url,
    html_url: `${repositoryPage(world, repository)}/releases/tag/${tag}`,
    assets_url: `${url}/assets`,
    upload_url: `${url}/assets{?name,label}`,
    tarball_url: release.draft ? null : `${address}/tarball/${tag}`,
    zipball_url: release.draft ? null : `${address}/zipball/${tag}`,
    id: release.id,
    node_id: nodeId('Release', release.id),
    tag_name: release.tag,
    target_commitish: release.targetCommitish,
    name: release.name,
    body: release.body,
    draft: release.draft,
    prerelease: release.prerelease,
    immutable: false,
    created_at: release.createdAt,
    updated_at: release.updatedAt,
    published_at: release.publishedAt,
    author: userView(world, userById(world.store, release.authorId)),
    assets: [],
  }
}
