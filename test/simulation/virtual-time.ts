/** Turns of the microtask queue between two events: more than the longest chain of promises takes. */
export const MICROTASK_TURNS = 48

const SETTLED = Promise.resolve()

interface Event {
  readonly at: number
  readonly number: number
  readonly run: () => void
}

/** Time that passes only when nothing else can happen: events in order of their time, equal times in the order they were made. */
export class VirtualTime {
  readonly #turns: number
  readonly #heap: Event[] = []
  #now = 0
  #made = 0
  #ran = 0

  constructor(turns: number = MICROTASK_TURNS) {
    this.#turns = turns
  }

  /** Ms since the run began. */
  get now(): number {
    return this.#now
  }

  /** Events run so far. */
  get ran(): number {
    return this.#ran
  }

  after(delay: number, run: () => void): void {
    this.#made += 1
    this.#push({ at: this.#now + delay, number: this.#made, run })
  }

  async sleep(delay: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.after(delay, resolve)
    })
  }

  /** Runs events until there are none, or `isOver`. Promises settle between events, never across them. */
  async run(isOver: () => boolean): Promise<void> {
    await this.#settle()
    for (let event = this.#pop(); event !== undefined && !isOver(); event = this.#pop()) {
      this.#now = event.at
      this.#ran += 1
      event.run()
      await this.#settle()
    }
  }

  async #settle(): Promise<void> {
    for (let turn = 0; turn < this.#turns; turn += 1) await SETTLED
  }

  #push(event: Event): void {
    const heap = this.#heap
    let at = heap.push(event) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || isBefore(parent, event)) break
      heap[at] = parent
      at = above
    }
    heap[at] = event
  }

  #pop(): Event | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || first === last) return first
    let at = 0
    for (;;) {
      const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]]
      if (left === undefined) break
      const isRight = right !== undefined && isBefore(right, left)
      const child = isRight ? right : left
      if (isBefore(last, child)) break
      heap[at] = child
      at = 2 * at + (isRight ? 2 : 1)
    }
    heap[at] = last
    return first
  }
}

function isBefore(one: Event, other: Event): boolean {
  return one.at < other.at || (one.at === other.at && one.number < other.number)
}
