import type { IncomingMessage, ServerResponse } from 'node:http'

import type { CodeRecords } from './code-records.ts'
import type { OperationId, Permission } from './openapi/operations.ts'
import type { EventName } from './openapi/webhooks.ts'
import type {
  AppRecord,
  CoreRecords,
  DeliveryRecord,
  InstallationRecord,
  RepositoryRecord,
  UserRecord,
} from './records.ts'

/*
 * The core of the local GitHub and what its handlers are given.
 *
 * A request passes: router.ts (which operation) → access.ts (who calls, may they) → openapi/ (does it fit the description)
 * → the operation's handler below rest/ → openapi/fill.ts (completes required fields the handler left out) → answer.
 * A handler therefore answers a partial object; it must give what identifies (sha, number, ref, login, state).
 *
 * Handlers of writing operations run under the repository's mutex. What else writes to a repository (a push, a report of
 * a workflow run) does so inside `world.exclusively`.
 */

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

// Store ---------------------------------------------------------------------------------------------------------------

/** Every kind of record there is. `CodeRecords` are those around commits; their one file is code-records.ts. */
export type Records = CoreRecords & CodeRecords
export type Kind = keyof Records

/**
 * JSON documents in SQLite, all of them in memory too. Records are values: never change one, put a new one.
 *
 * `put` and `remove` count at once for readers; they reach the disk together when the running synchronous stretch ends
 * (at the next `await`) and always before the answer is sent. So what must be true together, including the webhooks of
 * `world.emit`, is put without an `await` between.
 */
export interface Store {
  get<K extends Kind>(kind: K, id: Records[K]['id']): Records[K] | undefined
  /** Records of a kind by growing id of creation; of one repository where `repositoryId` is given. */
  list<K extends Kind>(kind: K, repositoryId?: number): Records[K][]
  put<K extends Kind>(kind: K, record: Records[K]): Records[K]
  remove(kind: Kind, id: number | string): void
  /** The next number of a named sequence, from 1. Never given twice, whatever happens. */
  next(sequence: string): number
  flush(): void
  close(): void
}

// World ---------------------------------------------------------------------------------------------------------------

export interface World {
  /** `http://127.0.0.1:1234`, without a slash at the end. */
  readonly url: string
  /** `<url>/api/v3` */
  readonly apiUrl: string
  /** Folder of everything: `store.sqlite`, `git/` (the root for `repositoryPath`), `runs/`. */
  readonly data: string
  readonly app: AppSettings
  readonly store: Store
  /** How many workflow jobs run at once. */
  readonly jobs: number
  /** ISO 8601 in whole seconds, as GitHub writes times. */
  now(): string
  /** A new id, unique over all kinds of records. */
  id(): number
  /** Absolute path of a repository's bare git repository. */
  gitDir(repository: RepositoryRecord): string
  /** Runs `work` when nobody else holds the repository. Not reentrant: handlers of writing operations hold it already. */
  exclusively<T>(repositoryId: number, work: () => Promise<T>): Promise<T>
  /** Tells the app (if subscribed and installed) and the listeners. Synchronous: the delivery is in the store's stretch. */
  emit(happening: Happening): void
  /** Called synchronously by `emit` with every happening, delivered or not. Long work goes into `background`. */
  listen(listener: (happening: EmittedHappening) => void): void
  /** Work after the answer. `idle()` waits for it; a rejection is recorded as a violation. */
  background(work: () => Promise<void>): void
  /** Performs an operation as a person, through all checks, without HTTP. For pages and seeding. */
  act(login: string, operation: OperationId, input: ActInput): Promise<{ status: number; body: Json }>
  /** The hour's budget of a caller, as the x-ratelimit headers show it. */
  rateOf(caller: Caller): Rate
  /** Puts a webhook into the outbox and wakes the sender. `emit` does this by itself. */
  deliver(delivery: DeliveryRecord): void
  /** Where webhooks go now. */
  hookUrl(): string | null
  violation(violation: Violation): void
}

/** `reset` in seconds since 1970. */
export interface Rate {
  limit: number
  used: number
  remaining: number
  reset: number
}

export interface AppSettings {
  id: number
  slug: string
  name: string
  /** PEM, SPKI or PKCS#1. */
  publicKey: string
  webhookSecret: string
  permissions: Record<string, string>
  events: string[]
}

export interface ActInput {
  params: Record<string, string | number>
  query?: Record<string, string>
  body?: JsonObject
}

/** Something did not fit GitHub's description: a fault of whoever made the request, or of the local GitHub itself. */
export interface Violation {
  /** `operation` id or webhook key. */
  subject: string
  part: 'request body' | 'parameters' | 'answer' | 'webhook' | 'fault'
  message: string
}

/** What happened. `payload` is partial; action, repository, organization, sender and installation are added. */
export interface Happening {
  event: EventName
  action?: string
  repository: RepositoryRecord
  sender: UserRecord
  payload: JsonObject
  /** Made with a workflow's own GITHUB_TOKEN: starts no workflow (except workflow_dispatch). `call.byWorkflow`. */
  byWorkflow: boolean
}

/** The same with the whole payload as GitHub would send it. */
export interface EmittedHappening extends Happening {
  complete: JsonObject
}

// Handlers ------------------------------------------------------------------------------------------------------------

/** Who makes a request. A workflow's GITHUB_TOKEN is an installation token of the app `github-actions`. */
export type Caller =
  | { kind: 'anonymous' }
  | { kind: 'app'; app: AppRecord }
  | { kind: 'installation'; app: AppRecord; bot: UserRecord; grant: Grant; installation: InstallationRecord | null }
  | { kind: 'person'; user: UserRecord }

/** What an installation token may do. `repositoryIds` null: all of the installation. */
export interface Grant {
  tokenId: string
  permissions: Record<string, string>
  repositoryIds: number[] | null
}

/** Who does something where, and through what. Every `Call` in a repository is one; a push or a run makes its own. */
export interface Deed {
  /** The repository that the path names, which the caller may see. Throws where the operation has none. */
  readonly repository: RepositoryRecord
  /** The person, or the app's bot. Throws for a JWT and without credentials. */
  readonly actor: UserRecord
  /** The app through which the actor acts, for `performed_via_github_app` and check runs. */
  readonly viaApp: AppRecord | null
  /** With a workflow's own GITHUB_TOKEN. */
  readonly byWorkflow: boolean
}

export interface Call extends Deed {
  readonly operation: OperationId
  readonly caller: Caller
  /** Path parameters, decoded; those of type integer must be read with `number`. */
  readonly params: Readonly<Record<string, string>>
  /** Coerced to the description's types, its defaults filled in. */
  readonly query: Readonly<JsonObject>
  /** Fits the description. `{}` when there was none. */
  readonly body: Readonly<JsonObject>
  /** The Accept header, lower case. */
  readonly accept: string
  /** A path parameter by name. Throws when the path has no such parameter. */
  text(name: string): string
  number(name: string): number
}

export interface Answer {
  status: number
  /** Partial; completed from the description of this status. A string goes out as it is, with `contentType`. */
  body?: Json
  contentType?: string
  headers?: Record<string, string>
  /** Of a page of a list, for the Link header. Made by `paged` in answers.ts. */
  pages?: { page: number; last: number }
}

export type Handler = (call: Call, world: World) => Answer | Promise<Answer>
/** One table a file of rest/; joined in rest/all.ts. */
export type Handlers = Partial<Record<OperationId, Handler>>

// Parts that live as long as the server -------------------------------------------------------------------------------

/** Started after the store is open and the address known, before the first request; closed in the opposite order. */
export interface Part {
  /** Takes a request that is not the API's, or says false. */
  handle?: (request: IncomingMessage, response: ServerResponse) => boolean
  /** Resolves when nothing of this part is running. */
  idle: () => Promise<void>
  close: () => Promise<void>
}
/** `startCode` in code.ts (smart HTTP, workflow runs) is one. */
export type StartPart = (world: World) => Promise<Part>

/** The web pages: asked last, for every GET and POST outside the API and git. False means 404. */
export type Pages = (request: IncomingMessage, response: ServerResponse, world: World) => boolean

export type { OperationId, Permission }
