import type { World } from '../contract.ts'
import { issueByNumber } from '../issues.ts'
import { repositoryByName, userByLogin } from '../people.ts'
import type { RepositoryRecord } from '../records.ts'
import { commitPath, issuePath, userPath } from './addresses.ts'
import { html } from './html.ts'

/** Where a text stands: `#12` is an issue of that repository. */
export interface Place {
  world: World
  repository: RepositoryRecord
}

/** Told of each number of the place's own repository that is referred to, whether or not there is such an issue. */
type Heard = (number: number) => void

/** GitHub links nothing within these. */
const SILENT = new Set(['a', 'code', 'pre', 'tt'])

const REFERENCE =
  /(?<![\w/.@#&-])(?:(?<repo>[\w-]+\/[\w.-]+)?#(?<number>\d{1,9})(?!\w)|@(?<login>[a-z\d][\w-]*)|(?<sha>[\da-f]{40})(?!\w))/gi

/**
 * Links `#12`, `owner/name#12`, `@login` and full shas, and shortens bare addresses of issues, in HTML as the sanitiser
 * writes it: every `<` in it begins a tag and every `>` ends one.
 */
export function linkReferences(place: Place, sanitised: string, heard: Heard = () => {}): string {
  let silent = 0
  let address: string | null = null
  const pieces = sanitised.split(/(<[^>]*>)/)
  return pieces
    .map((piece, index) => {
      if (index % 2 === 0) {
        if (address !== null) return linkText(place, address, piece, heard)
        return silent > 0 ? piece : linkPlain(place, piece, heard)
      }
      const [, slash, name = ''] = /^<(\/?)([a-z\d]+)/.exec(piece) ?? []
      if (!SILENT.has(name)) return piece
      silent += slash === '/' ? -1 : 1
      if (name === 'a') address = slash === '/' ? null : (/ href="([^"]*)"/.exec(piece)?.[1] ?? '')
      return piece
    })
    .join('')
}

function linkPlain(place: Place, text: string, heard: Heard): string {
  return text.replace(REFERENCE, (found: string, ...rest: unknown[]) => {
    const { repo, number, login, sha } = rest.at(-1) as Record<string, string | undefined>
    if (number !== undefined) return issueLink(place, found, repo, Number(number), heard)
    if (login !== undefined) return userLink(place, found, login)
    return sha === undefined ? found : commitLink(place, sha)
  })
}

function issueLink(place: Place, found: string, repo: string | undefined, number: number, heard: Heard): string {
  const { world } = place
  const repository = repo === undefined ? place.repository : repositoryByName(world.store, repo)
  if (repository?.id === place.repository.id) heard(number)
  const issue = repository === undefined ? undefined : issueByNumber(world, repository, number)
  if (repository === undefined || issue === undefined) return found
  return html`<a href="${issuePath(repository, issue)}" title="${issue.title}">${found}</a>`.text
}

function userLink({ world }: Place, found: string, login: string): string {
  const user = userByLogin(world.store, login)
  return user === undefined ? found : html`<a href="${userPath(user.login)}">${found}</a>`.text
}

function commitLink({ repository }: Place, sha: string): string {
  return html`<a href="${commitPath(repository, sha)}"><code>${sha.slice(0, 7)}</code></a>`.text
}

/** The text of a link: a bare address of an issue or comment here is shortened as GitHub does, and counts as a reference. */
function linkText(place: Place, address: string, text: string, heard: Heard): string {
  const { world, repository } = place
  if (!address.startsWith(`${world.url}/`)) return text
  const path = address.slice(world.url.length)
  const found = /^\/([\w-]+\/[\w.-]+)\/(?:issues|pull)\/(\d{1,9})(#issuecomment-\d+)?$/.exec(path)
  if (found === null) return text
  const [, repo = '', number = '', anchor] = found
  const isHere = repo.toLowerCase() === repository.fullName.toLowerCase()
  if (isHere) heard(Number(number))
  if (text !== address) return text
  return `${isHere ? '' : repo}#${number}${anchor === undefined ? '' : ' (comment)'}`
}
