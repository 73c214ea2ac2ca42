import { setImmediate as nextTurn } from 'node:timers/promises'
import { WebSocket } from 'ws'
import {
  connectTerminal,
  QingfenError,
  type Terminal,
  type TerminalOptions,
} from '../../src/client/connect-terminal.ts'
import { ServedTown, type ServedTownOptions } from '../server/served-town.ts'
import { CuttingProxy, type ProxyOptions } from './cutting-proxy.ts'

/** Tests do not wait for people: they come back soon, and give up late. */
const LIMITS = { reconnectMs: 1, reconnectMostMs: 20, deadlineMs: 100_000 }

/** A served town, a proxy that cuts, and terminals of the SDK that connect through it. */
export class SdkTown {
  served: ServedTown
  readonly proxy: CuttingProxy
  readonly #terminals: Terminal[] = []

  private constructor(served: ServedTown, proxy: CuttingProxy) {
    this.served = served
    this.proxy = proxy
  }

  static async open(options: ServedTownOptions & ProxyOptions = {}): Promise<SdkTown> {
    const served = await ServedTown.open(options)
    return new SdkTown(served, await CuttingProxy.open(served.server.port, options))
  }

  terminal({ limits, ...options }: Partial<TerminalOptions> = {}): Terminal {
    const terminal = connectTerminal({
      url: `ws://127.0.0.1:${this.proxy.port}/v1/terminal`,
      credential: this.served.credential('terminal-H'),
      webSocket: WebSocket,
      limits: { ...LIMITS, ...limits },
      ...options,
    })
    this.#terminals.push(terminal)
    return terminal
  }

  /** The ids of the requests that were settled, in order. */
  settled(): readonly string[] {
    return this.served.town.splits().map(({ request }) => request?.id ?? '')
  }

  async close(): Promise<void> {
    for (const terminal of this.#terminals) terminal.close()
    await this.proxy.close()
    await this.served.close()
  }
}

/** The error that a call is refused with. */
export async function refusal(call: Promise<unknown>): Promise<QingfenError> {
  const outcome = await call.then(
    (answer: unknown) => answer,
    (error: unknown) => error,
  )
  if (outcome instanceof QingfenError) return outcome
  throw new Error(`not refused: ${JSON.stringify(outcome)}`, { cause: outcome })
}

/** When `terminal` has noticed that its connection is lost. */
export async function offline(terminal: Terminal): Promise<void> {
  while (terminal.hello !== undefined) await nextTurn()
}
