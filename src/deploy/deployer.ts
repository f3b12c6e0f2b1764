/** What is to run: a commit of the repository in an environment, for an update. */
export type DeployRequest = {
  codename: string
  repo: string
  sha: string
  environment: string
  reason: 'update' | 'rollback'
  /** An earlier try of the same may have begun: look for what it left before doing it again. */
  again: boolean
}

/** `done` and `failed` are final; `waiting` is heard of through a webhook or by asking `look` again. */
export type DeployState =
  /** `unheard`: nobody has reported anything so far, so maybe nobody listens. */
  | { state: 'waiting'; deployment: number | null; detail: string; unheard?: boolean }
  | { state: 'done'; deployment: number | null; detail: string; url?: string }
  | { state: 'failed'; deployment: number | null; detail: string; remedy: string }

/** Brings a commit into service. Each act may be repeated after a crash and must then find what it already did. */
export type Deployer = {
  via: 'deployment' | 'workflow' | 'release' | 'process' | 'none'
  begin(request: DeployRequest): Promise<DeployState>
  look(request: DeployRequest, deployment: number | null): Promise<DeployState>
  /** What the environment runs now, as far as anybody reported: the last commit whose deployment went well; `null` for none. */
  serving(environment: string): Promise<{ sha: string; deployment: number | null } | null>
  /** Takes out of service what runs, for where nothing ran before; false where that is not in its hands. */
  withdraw(): Promise<boolean>
}
