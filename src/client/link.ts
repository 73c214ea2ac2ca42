import { ERROR_TRAITS, type ErrorCode } from '../errors/codes.ts'
import { closeCodeOf } from '../protocol/frames/close-code.ts'
import type { EventFrame } from '../protocol/frames/event-frame.ts'
import type { HelloAnswer } from '../protocol/frames/hello.ts'
import type { ReplyFrame } from '../protocol/frames/reply-frame.ts'
import { PROTOCOL_VERSION } from '../protocol/frames/subprotocols.ts'
import { Connection, type ConnectionEnd, type ConnectionSettings } from './connection.ts'
import { clientError, QingfenError } from './qingfen-error.ts'

export interface LinkListener {
  /** A connection that has said hello. */
  online(connection: Connection, hello: HelloAnswer): void
  offline(): void
  replied(frame: ReplyFrame): void
  timed(at: number): void
  happened(event: EventFrame): void
  /** It will not come back: the reason, or undefined when it was asked to stop. */
  over(error: QingfenError | undefined): void
}

/** Connects, and connects again, until it is stopped or told not to come back. */
export class Link {
  readonly #settings: ConnectionSettings
  readonly #listener: LinkListener
  #connection: Connection | undefined
  #callOff: () => void = () => undefined
  /** Connections since the last that was of use. */
  #attempts = 0
  #isOver = false

  /** Throws what the WebSocket says about a wrong URL. */
  constructor(settings: ConnectionSettings, listener: LinkListener) {
    this.#settings = settings
    this.#listener = listener
    this.#connect()
  }

  stop(error?: QingfenError): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#callOff()
    this.#connection?.drop()
    this.#listener.over(error)
  }

  #connect(): void {
    this.#attempts += 1
    const connection = new Connection(this.#settings, {
      welcomed: (hello) => {
        this.#welcomed(connection, hello)
      },
      replied: (frame) => {
        // Of use only now: a server that takes hello and closes would be asked again and again without a pause.
        this.#attempts = 0
        this.#listener.replied(frame)
      },
      timed: (at) => {
        this.#listener.timed(at)
      },
      happened: (event) => {
        this.#listener.happened(event)
      },
      ended: (end) => {
        this.#ended(end)
      },
    })
    this.#connection = connection
  }

  #welcomed(connection: Connection, hello: HelloAnswer): void {
    const { protocol } = hello
    if (protocol === PROTOCOL_VERSION) this.#listener.online(connection, hello)
    else {
      const details = { protocol, own: PROTOCOL_VERSION }
      this.stop(clientError('CLIENT_PROTOCOL_NEWER', '', details))
    }
  }

  #ended({ closeCode, refusal }: ConnectionEnd): void {
    if (this.#isOver) return
    this.#connection = undefined
    this.#listener.offline()
    const final = refusal?.problems.some(({ retryable }) => !retryable)
      ? new QingfenError(refusal.problems)
      : finalError(closeCode)
    if (final !== undefined) {
      this.stop(final)
      return
    }
    const waitMs = Math.max(this.#backoffMs(), refusal?.retryAfterMs ?? 0)
    this.#callOff = this.#settings.environment.after(waitMs, () => {
      this.#connect()
    })
  }

  /** At once the first time, then doubling; half of it by chance, so that a hospital's terminals do not all come back at one moment. */
  #backoffMs(): number {
    const { limits, environment } = this.#settings
    if (this.#attempts === 0) return 0
    const fullMs = Math.min(limits.reconnectMs * 2 ** (this.#attempts - 1), limits.reconnectMostMs)
    return Math.round(fullMs * (0.5 + environment.random() / 2))
  }
}

/** The error a close code stands for, if coming back cannot help: its code is not retryable. */
function finalError(closeCode: number | undefined): QingfenError | undefined {
  const codes = Object.keys(ERROR_TRAITS) as ErrorCode[]
  const code = codes.find((name) => closeCodeOf(name) === closeCode)
  return code === undefined || ERROR_TRAITS[code].retryable ? undefined : clientError(code, '')
}
