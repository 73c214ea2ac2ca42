import type { EventFrame } from '../protocol/frames/event-frame.ts'
import type { HelloAnswer } from '../protocol/frames/hello.ts'
import { isTopic, type Topic } from '../protocol/frames/operations.ts'
import type { RequestFrame } from '../protocol/frames/request-frame.ts'
import type { Answered } from './call.ts'
import { Calls, type CallOptions, type OnRequest } from './calls.ts'
import { OWN_IDS, type Connection, type ConnectionSettings } from './connection.ts'
import { Link } from './link.ts'
import { clientError, type QingfenError } from './qingfen-error.ts'
import type { AnswerOf, BodyOf, TerminalOperation } from './terminal-operations.ts'
import { writeRequest } from './wire.ts'

export interface TerminalSettings extends ConnectionSettings {
  readonly onRequest: OnRequest
  readonly onEvent: (event: EventFrame) => void
}

type Reply<Op extends TerminalOperation> = Promise<Answered<AnswerOf<Op>>>

/**
 * A terminal that stays connected. Every operation resolves to its answer or rejects with a `QingfenError`; what the network does
 * in between is not the caller's concern. `requestId` is the idempotency key of what writes.
 */
export class Terminal {
  /** When it has ended for good: why, or undefined after `close`. Never rejects. */
  readonly ended: Promise<QingfenError | undefined>
  readonly #calls: Calls
  readonly #link: Link
  readonly #newRequestId: () => string
  readonly #topics = new Set<Topic>()
  #hello: HelloAnswer | undefined

  /** Throws what the WebSocket says about a wrong URL. */
  constructor(settings: TerminalSettings) {
    const { limits, environment, encoding, onRequest, onEvent } = settings
    this.#newRequestId = () => environment.newRequestId()
    const sizeOf = (frame: RequestFrame) => writeRequest(frame, encoding).size
    this.#calls = new Calls({ limits, environment, onRequest, sizeOf })
    let resolve: (error: QingfenError | undefined) => void = () => undefined
    this.ended = new Promise((settled) => {
      resolve = settled
    })
    this.#link = new Link(settings, {
      online: (connection, hello) => {
        this.#online(connection, hello)
      },
      offline: () => {
        this.#hello = undefined
        this.#calls.offline()
      },
      replied: (frame) => {
        this.#calls.take(frame)
      },
      timed: (at) => {
        this.#calls.timed(at)
      },
      // What a listener throws is its own failure, and not that of the connection.
      happened: (event) => {
        queueMicrotask(() => {
          onEvent(event)
        })
      },
      over: (error) => {
        this.#hello = undefined
        this.#calls.end(error ?? clientError('CLIENT_CLOSED', ''))
        resolve(error)
      },
    })
  }

  /** What the server said at hello; undefined while there is no connection. */
  get hello(): HelloAnswer | undefined {
    return this.#hello
  }

  /** An id for a request that is to be stored before it is sent. */
  newRequestId(): string {
    return this.#newRequestId()
  }

  async quote(body: BodyOf<'quote'>, options?: CallOptions): Reply<'quote'> {
    return this.#ask('quote', body, options)
  }

  /** Carries `notAfter`, two minutes from the call unless `body` or the limits say otherwise; past it: EXPIRED. */
  async settle(body: BodyOf<'settle'>, options?: CallOptions): Reply<'settle'> {
    return this.#ask('settle', body, options)
  }

  async prepare(body: BodyOf<'prepare'>, options?: CallOptions): Reply<'prepare'> {
    return this.#ask('prepare', body, options)
  }

  async confirm(body: BodyOf<'confirm'>, options?: CallOptions): Reply<'confirm'> {
    return this.#ask('confirm', body, options)
  }

  async cancel(body: BodyOf<'cancel'>, options?: CallOptions): Reply<'cancel'> {
    return this.#ask('cancel', body, options)
  }

  async linesAdd(body: BodyOf<'lines.add'>, options?: CallOptions): Reply<'lines.add'> {
    return this.#ask('lines.add', body, options)
  }

  async linesWithdraw(
    body: BodyOf<'lines.withdraw'>,
    options?: CallOptions,
  ): Reply<'lines.withdraw'> {
    return this.#ask('lines.withdraw', body, options)
  }

  async reverse(body: BodyOf<'reverse'>, options?: CallOptions): Reply<'reverse'> {
    return this.#ask('reverse', body, options)
  }

  async resettle(body: BodyOf<'resettle'>, options?: CallOptions): Reply<'resettle'> {
    return this.#ask('resettle', body, options)
  }

  async find(body: BodyOf<'find'>, options?: CallOptions): Reply<'find'> {
    return this.#ask('find', body, options)
  }

  async dayTotals(body: BodyOf<'dayTotals'>, options?: CallOptions): Reply<'dayTotals'> {
    return this.#ask('dayTotals', body, options)
  }

  async unresolved(options?: CallOptions): Reply<'unresolved'> {
    return this.#ask('unresolved', {}, options)
  }

  async explain(body: BodyOf<'explain'>, options?: CallOptions): Reply<'explain'> {
    return this.#ask('explain', body, options)
  }

  /** Events go to `onEvent` from now on, on later connections too; those in between are not told again. */
  async subscribe(body: BodyOf<'subscribe'>, options?: CallOptions): Reply<'subscribe'> {
    const answered = await this.#ask('subscribe', body, options)
    for (const topic of answered.answer.topics) if (isTopic(topic)) this.#topics.add(topic)
    return answered
  }

  async ping(options?: CallOptions): Reply<'ping'> {
    return this.#ask('ping', {}, options)
  }

  /** Ends it at once. What has no answer is rejected with `CLIENT_CLOSED`: wait for the answers first. */
  close(): void {
    this.#link.stop()
  }

  async #ask<Op extends TerminalOperation>(
    op: Op,
    body: BodyOf<Op>,
    options: CallOptions = {},
  ): Reply<Op> {
    const answered = await this.#calls.ask(op, body, options)
    return answered as unknown as Answered<AnswerOf<Op>>
  }

  #online(connection: Connection, hello: HelloAnswer): void {
    this.#hello = hello
    const topics = [...this.#topics]
    if (topics.length > 0) {
      connection.send({ id: `${OWN_IDS}subscribe`, op: 'subscribe', body: { topics } })
    }
    this.#calls.online((frame) => {
      connection.send(frame)
    }, hello)
  }
}
