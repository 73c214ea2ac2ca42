import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

export interface ProxyOptions {
  /** After how many bytes, of both directions, the next connection is cut; default never. */
  readonly budget?: () => number
}

/** Stands between a client and a server, and breaks their connections. */
export class CuttingProxy {
  readonly port: number
  readonly #server: Server
  readonly #pairs: Set<readonly [Socket, Socket]>
  /** Connections that were made. */
  readonly made: { count: number }
  readonly #state: { target: number; isOpen: boolean }

  private constructor(
    server: Server,
    pairs: CuttingProxy['pairs'],
    made: { count: number },
    state: { target: number; isOpen: boolean },
  ) {
    this.#state = state
    this.#server = server
    this.#pairs = pairs
    this.made = made
    this.port = (server.address() as AddressInfo).port
  }

  get pairs(): Set<readonly [Socket, Socket]> {
    return this.#pairs
  }

  static async open(
    target: number,
    { budget = () => Infinity }: ProxyOptions = {},
  ): Promise<CuttingProxy> {
    const pairs = new Set<readonly [Socket, Socket]>()
    const made = { count: 0 }
    const state = { target, isOpen: true }
    const server = createServer((near) => {
      made.count += 1
      if (!state.isOpen) {
        near.destroy()
        return
      }
      const far = connect(state.target, '127.0.0.1')
      const pair = [near, far] as const
      pairs.add(pair)
      let left = budget()
      const end = () => {
        pairs.delete(pair)
        for (const socket of pair) socket.destroy()
      }
      for (const [from, to] of [pair, [far, near] as const]) {
        from.on('error', end)
        from.on('close', end)
        from.on('data', (data) => {
          const passed = data.subarray(0, Math.max(0, left))
          left -= data.byteLength
          // What is over the budget is lost on the way, often from the middle of a frame on.
          to.write(passed, left > 0 ? undefined : end)
        })
      }
    })
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    return new CuttingProxy(server, pairs, made, state)
  }

  /** No connection from now on, until it is opened again. */
  shut(): void {
    this.#state.isOpen = false
    this.cut()
  }

  /** Passes connections on again, to `target` if that has changed. */
  reopen(target = this.#state.target): void {
    this.#state.isOpen = true
    this.#state.target = target
  }

  /** Breaks every connection there is. */
  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy()
    this.#pairs.clear()
  }

  /** Passes nothing on any more, of the connections there are, and tells nobody. */
  stall(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.pause()
  }

  async close(): Promise<void> {
    this.cut()
    await new Promise((resolve) => {
      this.#server.close(resolve)
    })
  }
}
