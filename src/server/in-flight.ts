import { assert } from '../assert.ts'
import { ByteRoom } from './byte-room.ts'
import type { ServerLimits } from './limits.ts'

type Bounds = Pick<ServerLimits, 'inFlight' | 'inFlightBytes' | 'inFlightPerTerminal'>

/** Something whose requests in flight are counted by themselves. */
export interface Counted {
  inFlight: number
}

/** Requests that were taken and have no answer yet. */
export class InFlight {
  /** Their bytes. */
  readonly bytes: ByteRoom
  readonly #bounds: Bounds
  #count = 0
  #quiet: (() => void)[] = []

  constructor(bounds: Bounds) {
    this.#bounds = bounds
    this.bytes = new ByteRoom(bounds.inFlightBytes)
  }

  get count(): number {
    return this.#count
  }

  /** The bound that `bytes` more of `terminal` would break, as it is named in a refusal; undefined when there is room. */
  brokenBound(terminal: Counted, bytes: number): string | number | undefined {
    const { inFlight, inFlightPerTerminal } = this.#bounds
    if (terminal.inFlight >= inFlightPerTerminal) return inFlightPerTerminal
    if (this.#count >= inFlight) return inFlight
    return this.bytes.brokenBound(bytes)
  }

  /** Counts a request until the function it gives is called. */
  take(terminal: Counted, bytes: number): () => void {
    assert(this.brokenBound(terminal, bytes) === undefined, 'a request is taken within the bounds')
    this.#count += 1
    this.bytes.take(bytes)
    terminal.inFlight += 1
    let isTaken = true
    return () => {
      assert(isTaken, 'a request is answered once')
      isTaken = false
      this.#count -= 1
      this.bytes.give(bytes)
      terminal.inFlight -= 1
      if (this.#count === 0) for (const resolve of this.#quiet.splice(0)) resolve()
    }
  }

  /** When nothing is in flight. */
  async idle(): Promise<void> {
    if (this.#count === 0) return
    await new Promise<void>((resolve) => {
      this.#quiet.push(resolve)
    })
  }
}
