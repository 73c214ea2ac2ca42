import type { ErrorCode } from '../../errors/codes.ts'
import type { Problem } from '../../errors/problem.ts'
import { closeCodeOf } from '../../protocol/frames/close-code.ts'
import type { Topic } from '../../protocol/frames/operations.ts'
import { refusalFrame, type RefusalExtras } from '../../protocol/frames/reply-frame.ts'
import type { FrameEncoding } from '../../protocol/frames/subprotocols.ts'
import {
  writeFrame,
  type ReplyEncoding,
  type ServerFrame,
} from '../../protocol/frames/write-frame.ts'
import type { Counted } from '../in-flight.ts'
import type { Principal } from '../principal.ts'

/** The end of a WebSocket that is ours; not to be used after it has closed. */
export interface Wire {
  send(message: Uint8Array, isBinary: boolean): unknown
  /** Bytes that were sent and not yet taken by the network. */
  getBufferedAmount(): number
  /** Sends the close frame behind what is buffered. */
  end(code: number, reason: string): unknown
}

export interface TerminalOptions {
  readonly encoding: FrameEncoding
  /** Whom failed logins are counted for. */
  readonly address: string
  /** Bytes that may wait to be read. */
  readonly bufferedBytes: number
}

/** One connection, from its upgrade to its close. */
export class Terminal implements Counted {
  readonly encoding: FrameEncoding
  readonly address: string
  readonly topics = new Set<Topic>()
  replyEncoding: ReplyEncoding
  /** Set by hello. */
  principal: Principal | undefined
  inFlight = 0
  readonly #bufferedBytes: number
  #wire: Wire | undefined

  constructor({ encoding, address, bufferedBytes }: TerminalOptions) {
    this.encoding = encoding
    this.replyEncoding = encoding
    this.address = address
    this.#bufferedBytes = bufferedBytes
  }

  opened(wire: Wire): void {
    this.#wire = wire
  }

  /** The socket is gone: whatever is answered from now on goes nowhere, and is there when it is asked for again. */
  closed(): void {
    this.#wire = undefined
  }

  get isOpen(): boolean {
    return this.#wire !== undefined
  }

  /** Bytes that wait to be read; 0 when it is closed. */
  get buffered(): number {
    return this.#wire?.getBufferedAmount() ?? 0
  }

  send(frame: ServerFrame): void {
    if (this.#wire !== undefined) this.sendBytes(writeFrame(frame, this.replyEncoding))
  }

  /**
   * Sends a frame that is written already, in this terminal's encoding. Closes a reader that has let too much pile up. One frame may
   * always wait, however large it is.
   */
  sendBytes(bytes: Uint8Array): void {
    if (this.#wire === undefined) return
    const waiting = this.#wire.getBufferedAmount()
    if (waiting > 0 && waiting + bytes.byteLength > this.#bufferedBytes) this.close('SLOW_READER')
    else this.#wire.send(bytes, this.encoding === 'msgpack')
  }

  refuse(id: string | null, problems: readonly Problem[], extras: RefusalExtras = {}): void {
    this.send(refusalFrame(id, problems, extras))
  }

  close(code: ErrorCode): void {
    const wire = this.#wire
    this.#wire = undefined
    wire?.end(closeCodeOf(code), code)
  }
}
