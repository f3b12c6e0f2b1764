import type { IssueRecord, RepositoryRecord } from '../records.ts'

/*
 * Paths of the pages on this server.
 */

const encoded = (path: string): string => path.split('/').map(encodeURIComponent).join('/')

export const repositoryPath = (repository: RepositoryRecord): string => `/${encoded(repository.fullName)}`

/** The page of an issue or a pull request. */
export function issuePath(repository: RepositoryRecord, { isPull, number }: IssueRecord): string {
  return `${repositoryPath(repository)}/${isPull ? 'pull' : 'issues'}/${number}`
}

export function commitPath(repository: RepositoryRecord, sha: string): string {
  return `${repositoryPath(repository)}/commit/${sha}`
}

/** A file or folder at a branch, tag or commit. */
export function treePath(
  repository: RepositoryRecord,
  kind: 'tree' | 'blob' | 'raw',
  revision: string,
  path: string,
): string {
  return [repositoryPath(repository), kind, encoded(revision), ...(path === '' ? [] : [encoded(path)])].join('/')
}

/** The page of a person, or of the app whose bot it is. */
export function userPath(login: string): string {
  const slug = /^(.+)\[bot\]$/.exec(login)?.[1]
  return slug === undefined ? `/${encodeURIComponent(login)}` : `/apps/${encodeURIComponent(slug)}`
}

/** An address that somebody else gave, where a link may lead there; null for anything but http and https. */
export function webAddress(given: string | null): string | null {
  return given !== null && /^https?:\/\/[^\s/?#]/i.test(given) ? given : null
}
