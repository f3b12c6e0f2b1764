import type { World } from '../contract.ts'
import type { RepositoryRecord, UserRecord } from '../records.ts'
import type { Html } from './html.ts'

/** Somebody at a page. */
export interface Visit {
  world: World
  /** Path and query as requested. */
  url: URL
  /** As whom forms are sent; null where nobody lives yet. */
  actor: UserRecord | null
  /** Named groups of the route, decoded. */
  params: Readonly<Record<string, string>>
  /** Fields of a sent form; empty on GET. */
  form: URLSearchParams
}

/** Somebody at a page of a repository that the actor may read. */
export interface RepositoryVisit extends Visit {
  repository: RepositoryRecord
}

/** The tab of a repository's navigation that a page belongs to. */
export type Tab = 'code' | 'issues' | 'pulls' | 'actions' | 'deployments' | 'tags'

export type Reply =
  | {
      kind: 'page'
      status?: number
      title: string
      /** Its children carry ids, so that a changed page can be merged into the one shown. */
      main: Html
      tab?: Tab
      /** Asked for again and again until a reply is not live. */
      live?: boolean
    }
  /** `to` is a path on this server. */
  | { kind: 'redirect'; to: string; cookie?: string }
  | { kind: 'file'; content: Buffer | string; contentType: string }

export type Show = (visit: Visit) => Reply | Promise<Reply>
export type ShowInRepository = (visit: RepositoryVisit) => Reply | Promise<Reply>
