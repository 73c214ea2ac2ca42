import { WebSocket } from 'ws'
import { decodeForeign, encodePlain } from '../../src/protocol/codec.ts'
import { faultsOf, messageName } from './frame-check.ts'

export type Subprotocol = 'qingfen.v1.json' | 'qingfen.v1.msgpack'

/** A reply or an event, as it was read. */
export interface Received {
  readonly id?: string | null
  readonly ok?: boolean
  readonly repeat?: boolean
  readonly answer?: Readonly<Record<string, unknown>>
  readonly problems?: readonly (Readonly<Record<string, unknown>> & { readonly code: string })[]
  readonly retryAfterMs?: number
  readonly split?: Readonly<Record<string, unknown>>
  readonly event?: string
  readonly [member: string]: unknown
}

export interface Closed {
  readonly code: number
  readonly reason: string
}

/** A terminal without the SDK: what a HIS developer would write on a WebSocket library. */
export class TerminalClient {
  readonly socket: WebSocket
  readonly received: Received[] = []
  /** The bytes of what was received, in the same order. */
  readonly bytes: Buffer[] = []
  readonly closed: Promise<Closed>
  readonly #subprotocol: Subprotocol
  #waiting: (() => void)[] = []
  #isClosed = false

  private constructor(socket: WebSocket, subprotocol: Subprotocol) {
    this.socket = socket
    this.#subprotocol = subprotocol
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      this.bytes.push(data)
      const tree: unknown = isBinary ? decodeForeign(data) : JSON.parse(data.toString('utf8'))
      this.received.push(tree as Received)
      this.#wake()
    })
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        this.#isClosed = true
        resolve({ code, reason: reason.toString() })
        this.#wake()
      })
    })
    // A connection that the server cuts is an error here; how it ended is what `closed` says.
    socket.on('error', () => undefined)
  }

  static async open(
    port: number,
    subprotocol: Subprotocol = 'qingfen.v1.json',
  ): Promise<TerminalClient> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/terminal`, [subprotocol])
    const client = new TerminalClient(socket, subprotocol)
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    return client
  }

  /** Connects and says hello. */
  static async login(
    port: number,
    credential: string,
    subprotocol: Subprotocol = 'qingfen.v1.json',
  ): Promise<TerminalClient> {
    const client = await TerminalClient.open(port, subprotocol)
    const hello = await client.ask('hello', 'hello', { credential })
    if (hello.ok !== true) throw new Error(JSON.stringify(hello))
    return client
  }

  send(id: string, op: string, body: unknown): void {
    this.sendFrame({ id, op, body })
  }

  sendFrame(frame: unknown): void {
    this.socket.send(
      this.#subprotocol === 'qingfen.v1.json' ? JSON.stringify(frame) : encodePlain(frame),
    )
  }

  /** Sends and waits for the answer, which must be as its schema says. */
  async ask(id: string, op: string, body: unknown): Promise<Received> {
    this.send(id, op, body)
    const reply = await this.reply(id)
    const faults = faultsOf(messageName(op, reply), reply)
    if (faults !== '') throw new Error(`${faults}: ${JSON.stringify(reply)}`)
    return reply
  }

  /** The first frame that answers `id`; fails when the connection ends before. */
  async reply(id: string | null): Promise<Received> {
    return this.first((frame) => frame.id === id)
  }

  async first(isMeant: (frame: Received) => boolean): Promise<Received> {
    for (;;) {
      const found = this.received.find(isMeant)
      if (found !== undefined) return found
      if (this.#isClosed) throw new Error(`closed; received ${JSON.stringify(this.received)}`)
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve)
      })
    }
  }

  /** The connection breaks, without a close frame. */
  lose(): void {
    this.socket.terminate()
  }

  async close(): Promise<Closed> {
    this.socket.close()
    return this.closed
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

/** The codes a frame refuses with. */
export function codesOf({ problems = [] }: Received): readonly string[] {
  return problems.map(({ code }) => code)
}
