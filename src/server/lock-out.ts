import type { ServerLimits } from './limits.ts'

interface Failures {
  count: number
  /** When they are forgotten; while `count` is at the limit, until when the address is locked. */
  until: number
}

/** Failed logins by address. After too many of them an address is locked for a time, whatever it sends. */
export class LockOut {
  readonly #limits: Pick<ServerLimits, 'failedLogins' | 'lockMs' | 'addresses'>
  readonly #now: () => number
  /** Oldest first. */
  readonly #failures = new Map<string, Failures>()

  constructor(
    limits: Pick<ServerLimits, 'failedLogins' | 'lockMs' | 'addresses'>,
    now: () => number,
  ) {
    this.#limits = limits
    this.#now = now
  }

  /** For how long nothing is taken from `address`, ms; 0 when it is not locked. */
  lockedMs(address: string): number {
    const failures = this.#current(address)
    if (failures === undefined || failures.count < this.#limits.failedLogins) return 0
    return failures.until - this.#now()
  }

  failed(address: string): void {
    const count = (this.#current(address)?.count ?? 0) + 1
    this.#failures.delete(address)
    if (this.#failures.size >= this.#limits.addresses) this.#forgetOldest()
    this.#failures.set(address, { count, until: this.#now() + this.#limits.lockMs })
  }

  #current(address: string): Failures | undefined {
    const failures = this.#failures.get(address)
    if (failures === undefined || failures.until > this.#now()) return failures
    this.#failures.delete(address)
    return undefined
  }

  #forgetOldest(): void {
    for (const address of this.#failures.keys()) {
      this.#failures.delete(address)
      return
    }
  }
}
