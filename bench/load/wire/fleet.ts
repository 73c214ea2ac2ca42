import { once } from 'node:events'
import { WebSocket } from 'ws'
import { assert } from '../../../src/assert.ts'
import { decodeForeign, encodePlain } from '../../../src/protocol/codec.ts'

const CONNECTING_AT_ONCE = 50

export interface FleetOptions {
  readonly port: number
  /** One terminal each. */
  readonly credentials: readonly string[]
}

/** Terminals that have said hello. */
export class Fleet {
  readonly #sockets: readonly WebSocket[]
  #lost: string | undefined
  /** Gets every message, with the number of the terminal. */
  onReply: (reply: Buffer, terminal: number) => void = () => undefined

  private constructor(sockets: readonly WebSocket[]) {
    this.#sockets = sockets
    for (const [terminal, socket] of sockets.entries()) {
      socket.on('message', (data) => {
        this.onReply(data as Buffer, terminal)
      })
      socket.on('error', (error) => (this.#lost ??= error.message))
      socket.on('close', (code) => (this.#lost ??= `closed with ${code}`))
    }
  }

  static async connect({ port, credentials }: FleetOptions): Promise<Fleet> {
    const sockets: WebSocket[] = []
    for (let from = 0; from < credentials.length; from += CONNECTING_AT_ONCE) {
      const some = credentials.slice(from, from + CONNECTING_AT_ONCE)
      sockets.push(...(await Promise.all(some.map(async (one) => loggedIn(port, one)))))
    }
    return new Fleet(sockets)
  }

  /** Why a connection has ended that should not have. */
  get lost(): string | undefined {
    return this.#lost
  }

  get size(): number {
    return this.#sockets.length
  }

  send(terminal: number, frame: Buffer): void {
    this.#sockets[terminal]?.send(frame)
  }

  close(): void {
    for (const socket of this.#sockets) socket.removeAllListeners('close').terminate()
  }
}

async function loggedIn(port: number, credential: string): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/terminal`, ['qingfen.v1.msgpack'], {
    perMessageDeflate: false,
    // A mask of zeros is one like any other, and saves the generator from going over every byte.
    generateMask: (mask) => mask.fill(0),
  })
  await once(socket, 'open')
  socket.send(encodePlain({ id: 'hello', op: 'hello', body: { credential } }))
  const [answer] = (await once(socket, 'message')) as [Buffer]
  const { ok } = decodeForeign(answer) as { readonly ok: boolean }
  assert(ok, 'every terminal is let in')
  return socket
}
