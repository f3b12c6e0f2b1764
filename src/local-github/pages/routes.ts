import type { Show, ShowInRepository } from './visit.ts'
import { actionsPage } from './actions.ts'
import { runPage } from './run.ts'
import { jobPage } from './job.ts'
import { blobPage, rawFile } from './blob.ts'
import { changeActor } from './change-actor.ts'
import { checkRunPage } from './check-run.ts'
import { commitPage } from './commit.ts'
import { comparePage } from './compare.ts'
import { deploymentsPage } from './deployments.ts'
import { homePage } from './home.ts'
import { comment, changeLabels } from './issue-forms.ts'
import { issueList, pullList } from './issue-list.ts'
import { issuePage } from './issue.ts'
import { newIssue, openIssue } from './new-issue.ts'
import { overview } from './overview.ts'
import { appPage, personPage } from './person.ts'
import { pullDiff, pullPage } from './pull.ts'
import { releasePage, tagsPage } from './tags.ts'
import { commitsPage, treePage } from './tree.ts'

interface Route<S> {
  method: 'GET' | 'POST'
  at: RegExp
  show: S
}

function get<S>(at: RegExp, show: S): Route<S> {
  return { method: 'GET', at, show }
}

function post<S>(at: RegExp, show: S): Route<S> {
  return { method: 'POST', at, show }
}

/** Of the whole path. */
const ROUTES: readonly Route<Show>[] = [
  get(/^\/$/, homePage),
  post(/^\/_acting-as$/, changeActor),
  get(/^\/apps\/(?<slug>[^/]+)$/, appPage),
  get(/^\/(?<login>[^/]+)$/, personPage),
]

/** Of what follows `/<owner>/<repo>/`. */
const IN_REPOSITORY: readonly Route<ShowInRepository>[] = [
  get(/^$/, overview),
  get(/^issues$/, issueList),
  post(/^issues$/, openIssue),
  get(/^issues\/new$/, newIssue),
  get(/^pull\/(?<number>\d+)\.diff$/, pullDiff),
  // Where forms are sent to, so that a page with a refusal can be loaded again.
  get(/^(issues|pull)\/(?<number>\d+)\/(comments|labels)$/, issuePage),
  get(/^issues\/(?<number>\d+)$/, issuePage),
  post(/^(issues|pull)\/(?<number>\d+)\/comments$/, comment),
  post(/^(issues|pull)\/(?<number>\d+)\/labels$/, changeLabels),
  get(/^pulls$/, pullList),
  get(/^pull\/(?<number>\d+)$/, pullPage),
  get(/^commits(\/(?<revision>.+))?$/, commitsPage),
  get(/^commit\/(?<revision>[^/]+)$/, commitPage),
  get(/^compare\/(?<range>.+)$/, comparePage),
  get(/^runs\/(?<id>\d+)$/, checkRunPage),
  get(/^deployments$/, deploymentsPage),
  get(/^actions$/, actionsPage),
  get(/^actions\/runs\/(?<id>\d+)$/, runPage),
  get(/^actions\/runs\/(?<id>\d+)\/job\/(?<job>\d+)$/, jobPage),
  get(/^tree\/(?<place>.+)$/, treePage),
  get(/^blob\/(?<place>.+)$/, blobPage),
  get(/^raw\/(?<place>.+)$/, rawFile),
  get(/^(tags|releases)$/, tagsPage),
  get(/^releases\/tag\/(?<tag>.+)$/, releasePage),
]

/** A path cut into what names the repository, where it does, and the rest. */
export interface Found {
  params: Record<string, string>
  /** `owner/name` and what to show there, or what to show without a repository. */
  target: { fullName: string; show: ShowInRepository } | { fullName: null; show: Show }
}

/** Finds what answers a path, still encoded; null when nothing does. */
export function findRoute(method: 'GET' | 'POST', path: string): Found | null {
  const outside = matching(ROUTES, method, path)
  if (outside !== null) return { params: outside.params, target: { fullName: null, show: outside.show } }
  const cut = /^\/(?<owner>[^/]+)\/(?<name>[^/]+)(?:\/(?<rest>.*?))?\/?$/.exec(path)?.groups
  if (cut === undefined) return null
  const found = matching(IN_REPOSITORY, method, cut['rest'] ?? '')
  const names = decoded({ owner: cut['owner'], name: cut['name'] })
  if (found === null || names === null) return null
  return { params: found.params, target: { fullName: `${names['owner']}/${names['name']}`, show: found.show } }
}

function matching<S>(
  routes: readonly Route<S>[],
  method: 'GET' | 'POST',
  path: string,
): { show: S; params: Record<string, string> } | null {
  for (const route of routes) {
    const found = route.method === method ? route.at.exec(path) : null
    const params = found === null ? null : decoded(found.groups ?? {})
    if (params !== null) return { show: route.show, params }
  }
  return null
}

function decoded(groups: Record<string, string | undefined>): Record<string, string> | null {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, decodeURIComponent(text ?? '')]))
  } catch {
    // A broken escape sequence names nothing.
    return null
  }
}
