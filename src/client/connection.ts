import type { EventFrame } from '../protocol/frames/event-frame.ts'
import type { HelloAnswer } from '../protocol/frames/hello.ts'
import type { RefusalFrame, ReplyFrame } from '../protocol/frames/reply-frame.ts'
import type { RequestFrame } from '../protocol/frames/request-frame.ts'
import type { FrameEncoding } from '../protocol/frames/subprotocols.ts'
import type { ClientEnvironment } from './environment.ts'
import type { ClientLimits } from './client-limits.ts'
import { helloAnswer, type ReceivedFrame } from './received-frame.ts'
import type { Socket, SocketConstructor } from './socket.ts'
import { readReceived, subprotocolOf, writeRequest } from './wire.ts'

export interface ConnectionSettings {
  readonly url: string
  readonly credential: string
  readonly webSocket: SocketConstructor
  readonly encoding: FrameEncoding
  readonly limits: ClientLimits
  readonly environment: ClientEnvironment
}

export interface ConnectionEnd {
  /** Undefined where the SDK gave the connection up. */
  readonly closeCode: number | undefined
  /** What the server said was wrong with hello, or with a frame that has no id. */
  readonly refusal: RefusalFrame | undefined
}

/** What a connection tells; after `ended` nothing more. */
export interface ConnectionListener {
  welcomed(hello: HelloAnswer): void
  replied(frame: ReplyFrame): void
  /** What the clock of the server shows, ms since 1970-01-01. */
  timed(at: number): void
  happened(event: EventFrame): void
  ended(end: ConnectionEnd): void
}

/** Ids of the SDK's own requests begin so; those of callers do not. */
export const OWN_IDS = 'sdk:'
const HELLO = `${OWN_IDS}hello`
const PING = `${OWN_IDS}ping`

/** One WebSocket from connecting to its end: says hello, and notices when the other side has gone silent. */
export class Connection {
  readonly #settings: ConnectionSettings
  readonly #listener: ConnectionListener
  readonly #socket: Socket
  #callOff: () => void
  #refusal: RefusalFrame | undefined
  #isWelcome = false
  #isOver = false
  /** Whether anything came since the last ping. */
  #isHeard = true

  constructor(settings: ConnectionSettings, listener: ConnectionListener) {
    const { url, credential, webSocket, encoding, limits, environment } = settings
    this.#settings = settings
    this.#listener = listener
    const socket = new webSocket(url, [subprotocolOf(encoding)])
    this.#socket = socket
    socket.binaryType = 'arraybuffer'
    socket.onopen = () => {
      const records = encoding === 'msgpack' ? { records: true } : {}
      this.send({ id: HELLO, op: 'hello', body: { credential, ...records } })
    }
    socket.onmessage = ({ data }) => {
      this.#take(readReceived(data))
    }
    socket.onclose = ({ code }) => {
      this.#end(code)
    }
    // How it ended is what `onclose` says, which follows.
    socket.onerror = () => undefined
    this.#callOff = environment.after(limits.connectMs, () => {
      this.drop()
    })
  }

  /** Says how many bytes the frame has. */
  send(frame: RequestFrame): number {
    const { data, size } = writeRequest(frame, this.#settings.encoding)
    // One that has gone in the meantime says so by `onclose`; what was sent into it is sent again.
    if (!this.#isOver) this.#socket.send(data)
    return size
  }

  /** Gives the connection up, without waiting for the other side, which may be gone. */
  drop(): void {
    if (this.#isOver) return
    this.#end(undefined)
    this.#socket.close()
  }

  #end(closeCode: number | undefined): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#callOff()
    this.#listener.ended({ closeCode, refusal: this.#refusal })
  }

  #take(frame: ReceivedFrame | undefined): void {
    if (this.#isOver) return
    this.#isHeard = true
    if (frame === undefined) this.drop()
    else if ('event' in frame) this.#listener.happened(frame)
    else if (frame.id === HELLO) this.#takeHello(frame)
    else if (frame.id === null && !frame.ok) this.#refusal = frame
    else if (frame.id === PING) this.#takePing(frame)
    else if (frame.id?.startsWith(OWN_IDS) !== true) this.#listener.replied(frame)
  }

  #takeHello(frame: ReplyFrame): void {
    if (!frame.ok) {
      this.#refusal = frame
      return
    }
    const hello = helloAnswer(frame.answer)
    if (hello === undefined) this.drop()
    else if (!this.#isWelcome) {
      this.#isWelcome = true
      this.#callOff()
      this.#watch()
      this.#listener.welcomed(hello)
    }
  }

  #takePing(frame: ReplyFrame): void {
    const at = frame.ok ? frame.answer['at'] : undefined
    if (typeof at === 'number') this.#listener.timed(at)
  }

  /** A cable that is pulled tells nobody: who has said nothing for a time is asked, and given up when nothing comes. */
  #watch(): void {
    const { environment, limits } = this.#settings
    this.#callOff = environment.after(limits.silenceMs, () => {
      if (!this.#isHeard) {
        this.drop()
        return
      }
      this.#isHeard = false
      this.send({ id: PING, op: 'ping', body: {} })
      this.#watch()
    })
  }
}
