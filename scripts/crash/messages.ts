import type { AppSettings } from '../../src/main.ts'
import type { Identity } from '../../src/commands/embedded/identity.ts'

/** Everything an app in a process of its own must know to belong to an embedded GitHub. */
export type AppOrder = {
  github: { url: string; apiUrl: string }
  identity: Identity
  /** `null`: it starts the embedded database in `data`. */
  databaseUrl: string | null
  data: string
  /** Always the same, as an operator's is: what GitHub sends while the app is down is refused. */
  port: number
  timing: AppSettings['timing']
}

export type ToApp = { do: 'start'; order: AppOrder } | { do: 'stop' }

export type FromApp = { said: 'loaded' } | { said: 'ready'; url: string } | { said: 'stopped' }
