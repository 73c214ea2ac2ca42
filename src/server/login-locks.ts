import type { ServerLimits } from './limits.ts'
import { LockOut } from './lock-out.ts'

type Bounds = Pick<
  ServerLimits,
  'failedLogins' | 'failedLoginsPerAddress' | 'lockMs' | 'failuresKept'
>

/**
 * Locks for logins that fail: for one principal at one address soon, for the address much later. One terminal of a hospital with
 * an old credential must not keep out all the others behind the same address.
 */
export class LoginLocks {
  readonly #addresses: LockOut
  readonly #principals: LockOut

  constructor(bounds: Bounds, now: () => number) {
    this.#addresses = new LockOut(bounds.failedLoginsPerAddress, bounds, now)
    this.#principals = new LockOut(bounds.failedLogins, bounds, now)
  }

  /** For how long this credential is not looked at when it comes from `address`, ms; 0 when it is. */
  lockedMs(address: string, credential: string): number {
    return Math.max(
      this.#addresses.lockedMs(address),
      this.#principals.lockedMs(nameOf(address, credential)),
    )
  }

  failed(address: string, credential: string): void {
    this.#addresses.failed(address)
    this.#principals.failed(nameOf(address, credential))
  }
}

/** Who a credential says it is, and where from. */
function nameOf(address: string, credential: string): string {
  return `${address} ${credential.slice(0, Math.max(credential.lastIndexOf('.'), 0))}`
}
