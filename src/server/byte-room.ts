/** Bytes that are in memory, of all requests of a kind together. */
export class ByteRoom {
  readonly #max: number
  #held = 0

  constructor(max: number) {
    this.#max = max
  }

  /** The bound that `bytes` more would break, as it is named in a refusal; undefined when there is room. */
  brokenBound(bytes: number): string | undefined {
    return this.#held + bytes > this.#max ? `${this.#max} B` : undefined
  }

  take(bytes: number): void {
    this.#held += bytes
  }

  give(bytes: number): void {
    this.#held -= bytes
  }
}

/** Those of one request, in every room it needs. They stay held until its work is done: a client that goes away does not take them along. */
export class HeldBytes {
  readonly #rooms: readonly ByteRoom[]
  #held = 0

  constructor(rooms: readonly ByteRoom[]) {
    this.#rooms = rooms
  }

  /** The bound that `bytes` more would break; when there is none, they are held. */
  take(bytes: number): string | undefined {
    for (const room of this.#rooms) {
      const broken = room.brokenBound(bytes)
      if (broken !== undefined) return broken
    }
    for (const room of this.#rooms) room.take(bytes)
    this.#held += bytes
    return undefined
  }

  giveAll(): void {
    for (const room of this.#rooms) room.give(this.#held)
    this.#held = 0
  }
}
