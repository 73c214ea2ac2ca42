import { HeldBytes, type ByteRoom } from '../byte-room.ts'
import type { Counted, InFlight } from '../in-flight.ts'

/** Where requests over HTTP are counted, by principal and in all, until their work is done: also those whose client has gone. */
export class Places {
  readonly #inFlight: InFlight
  readonly #rooms: readonly ByteRoom[]
  readonly #byPrincipal = new Map<string, Counted>()

  /** `rooms`: what bytes of a body are held in, beside those of `inFlight`. */
  constructor(inFlight: InFlight, rooms: readonly ByteRoom[] = []) {
    this.#inFlight = inFlight
    this.#rooms = [inFlight.bytes, ...rooms]
  }

  /** The bound that one more of a principal would break; undefined when there is room. */
  brokenBound(principalId: string): string | number | undefined {
    return this.#inFlight.brokenBound(this.#of(principalId), 0)
  }

  /** Counts a request until the function it gives is called; its bytes are counted in `held`, as they arrive. */
  take(principalId: string): () => void {
    const theirs = this.#of(principalId)
    const done = this.#inFlight.take(theirs, 0)
    this.#byPrincipal.set(principalId, theirs)
    return () => {
      done()
      if (theirs.inFlight === 0) this.#byPrincipal.delete(principalId)
    }
  }

  held(): HeldBytes {
    return new HeldBytes(this.#rooms)
  }

  #of(principalId: string): Counted {
    return this.#byPrincipal.get(principalId) ?? { inFlight: 0 }
  }
}
