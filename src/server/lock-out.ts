import type { ServerLimits } from './limits.ts'

interface Failures {
  count: number
  /** When they are forgotten; while `count` is at the limit, until when they lock. */
  until: number
}

/** Failures by name, such as an address. After too many of them a name is locked for a time. */
export class LockOut {
  readonly #max: number
  readonly #limits: Pick<ServerLimits, 'lockMs' | 'failuresKept'>
  readonly #now: () => number
  /** Oldest first. */
  readonly #failures = new Map<string, Failures>()

  /** `max`: failures within `lockMs` that lock. */
  constructor(
    max: number,
    limits: Pick<ServerLimits, 'lockMs' | 'failuresKept'>,
    now: () => number,
  ) {
    this.#max = max
    this.#limits = limits
    this.#now = now
  }

  /** For how long `name` is locked, ms; 0 when it is not. */
  lockedMs(name: string): number {
    const failures = this.#current(name)
    if (failures === undefined || failures.count < this.#max) return 0
    return failures.until - this.#now()
  }

  failed(name: string): void {
    const count = (this.#current(name)?.count ?? 0) + 1
    this.#failures.delete(name)
    if (this.#failures.size >= this.#limits.failuresKept) this.#forgetOldest()
    this.#failures.set(name, { count, until: this.#now() + this.#limits.lockMs })
  }

  #current(name: string): Failures | undefined {
    const failures = this.#failures.get(name)
    if (failures === undefined || failures.until > this.#now()) return failures
    this.#failures.delete(name)
    return undefined
  }

  #forgetOldest(): void {
    for (const name of this.#failures.keys()) {
      this.#failures.delete(name)
      return
    }
  }
}
