/** Work on one thing, one after another: each looks at what there is before it writes. */
export class Turns {
  readonly #last = new WeakMap<object, Promise<unknown>>()

  async alone<T>(on: object, work: () => Promise<T>): Promise<T> {
    const mine = (this.#last.get(on) ?? Promise.resolve()).then(work)
    this.#last.set(
      on,
      mine.catch(() => undefined),
    )
    return mine
  }
}
