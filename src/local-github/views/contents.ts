import type { JsonObject, World } from '../contract.ts'
import type { TreeEntry } from '../git/contract.ts'
import type { RepositoryRecord } from '../records.ts'
import { repositoryPage, repositoryUrl } from './repository.ts'

const LARGEST_INLINE = 1024 * 1024

/** Base64 in lines, as GitHub gives it; nothing of what is too large. */
export function inline(content: Buffer): { encoding: string; content: string } {
  if (content.length > LARGEST_INLINE) return { encoding: 'none', content: '' }
  return { encoding: 'base64', content: content.toString('base64').replaceAll(/.{1,60}/g, '$&\n') }
}

function typeOf({ type, mode }: TreeEntry): string {
  if (type === 'tree') return 'dir'
  if (type === 'commit') return 'submodule'
  return mode === '120000' ? 'symlink' : 'file'
}

/** What GitHub says about a file or folder apart from its content. `ref` is as it was asked for. */
export function entryView(
  world: World,
  repository: RepositoryRecord,
  ref: string,
  path: string,
  entry: TreeEntry,
): JsonObject {
  const address = repositoryUrl(world, repository)
  const page = repositoryPage(world, repository)
  const encoded = path.split('/').map(encodeURIComponent).join('/')
  const type = typeOf(entry)
  const url = `${address}/contents/${encoded}?ref=${encodeURIComponent(ref)}`
  const gitUrl = `${address}/git/${entry.type === 'tree' ? 'trees' : 'blobs'}/${entry.sha}`
  const htmlUrl = `${page}/${entry.type === 'tree' ? 'tree' : 'blob'}/${ref}/${encoded}`
  return {
    type,
    size: entry.size ?? 0,
    name: path.slice(path.lastIndexOf('/') + 1),
    path,
    sha: entry.sha,
    url,
    git_url: gitUrl,
    html_url: htmlUrl,
    download_url: type === 'file' ? `${page}/raw/${ref}/${encoded}` : null,
    _links: { self: url, git: gitUrl, html: htmlUrl },
  }
}
