import type { Engine } from '../../src/engine/open-engine.ts'
import { keyOf, type Exchange } from './killed-run.ts'
import { Load } from './load.ts'

export interface Clients {
  /** In the ids of their requests; other clients of the same ledger need other names. */
  readonly name: string
  readonly seed: number
  readonly count: number
  /** As the engine has it, ms. */
  readonly clock: () => number
  /** Asked by each client before each request. */
  readonly goesOn: () => boolean
}

/** Clients that send one request after the other, and what each knows: what it sent, and the last reply. */
export class ClientsAtWork {
  readonly #engine: Engine
  readonly #exchanges = new Map<string, Exchange>()

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** As it is now. */
  get exchanges(): readonly Exchange[] {
    return [...this.#exchanges.values()]
  }

  async work({ name, seed, count, clock, goesOn }: Clients): Promise<void> {
    const one = async (number: number) => {
      const load = new Load(`${name}-${number}`, seed + number)
      while (goesOn()) await this.#exchange(load, clock())
    }
    await Promise.all(Array.from({ length: count }, async (_, number) => one(number)))
  }

  async #exchange(load: Load, now: number): Promise<void> {
    const request = load.next(now)
    const key = keyOf(request.hospital, request.requestId)
    const known = this.#exchanges.get(key)
    if (known === undefined) this.#exchanges.set(key, { request })
    const reply = await this.#engine.submit(request)
    load.learn(request, reply)
    if (known?.reply?.kind !== 'answer') this.#exchanges.set(key, { request, reply })
  }
}
