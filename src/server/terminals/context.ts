import type { Engine } from '../../engine/open-engine.ts'
import type { Clock } from '../../engine/ports.ts'
import type { AuditLog } from '../audit.ts'
import type { InFlight } from '../in-flight.ts'
import type { ServerLimits } from '../limits.ts'
import type { Log } from '../log.ts'
import type { LoginLocks } from '../login-locks.ts'
import type { Metrics } from '../metrics.ts'
import type { Authenticator } from '../principal.ts'
import type { Subscriptions } from './subscriptions.ts'
import type { Terminal } from './terminal.ts'

/** What the server needs of an engine. */
export type ServedEngine = Pick<Engine, 'submit' | 'recompute' | 'audit' | 'wantsMessage'>

/** What all connections of a server share. */
export interface ServerContext {
  readonly engine: ServedEngine
  readonly authenticator: Authenticator
  readonly limits: ServerLimits
  readonly clock: Clock
  /** Version of the program. */
  readonly program: string
  readonly log: Log
  readonly audit: AuditLog
  readonly metrics: Metrics
  readonly loginLocks: LoginLocks
  readonly inFlight: InFlight
  readonly subscriptions: Subscriptions
  readonly terminals: Set<Terminal>
  isStopping: boolean
}
