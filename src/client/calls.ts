import type { HelloAnswer } from '../protocol/frames/hello.ts'
import type { RefusalFrame, ReplyFrame } from '../protocol/frames/reply-frame.ts'
import type { FrameBody, RequestFrame } from '../protocol/frames/request-frame.ts'
import type { QuoteAnswer } from './answers.ts'
import { Call, type Answered } from './call.ts'
import { checkLimit, type ClientLimits } from './client-limits.ts'
import { OWN_IDS } from './connection.ts'
import { onlineWith, type Online } from './online.ts'
import type { ClientEnvironment } from './environment.ts'
import { clientError, QingfenError } from './qingfen-error.ts'
import { contentOf, expiring, RequestMemory, type Content } from './request-memory.ts'
import { EXPIRING, WRITING, type TerminalOperation } from './terminal-operations.ts'

/** A writing request as it is about to be sent for the first time. */
export type OnRequest = (request: RequestFrame) => void

export interface CallsSettings {
  readonly limits: ClientLimits
  readonly environment: ClientEnvironment
  readonly onRequest: OnRequest
  /** Bytes. */
  readonly sizeOf: (frame: RequestFrame) => number
}

export interface CallOptions {
  /** 1–64 printable ASCII characters without blanks; default: a new one. */
  readonly requestId?: string
  /** Milliseconds; default `limits.deadlineMs`. */
  readonly deadlineMs?: number
}

const ID = /^[!-~]{1,64}$/

/** All requests without an answer, in the order of their calls. */
export class Calls {
  readonly #settings: CallsSettings
  readonly #memory: RequestMemory
  readonly #calls = new Map<string, Call>()
  #online: Online | undefined
  #over: QingfenError | undefined
  #isPumping = false

  constructor(settings: CallsSettings) {
    this.#settings = settings
    this.#memory = new RequestMemory(settings.limits.remembered)
  }

  /** Rejects with a `QingfenError`. */
  async ask(
    op: TerminalOperation,
    body: unknown,
    { requestId, deadlineMs }: CallOptions,
  ): Promise<Answered<FrameBody>> {
    const { limits, environment } = this.#settings
    const id = requestId ?? environment.newRequestId()
    if (deadlineMs !== undefined) checkLimit('deadlineMs', deadlineMs)
    const call = this.#joined(id, op, body)
    const answered = call.wait(environment, deadlineMs ?? limits.deadlineMs, () => {
      // One that was sent stays until it is answered: its answer must not be taken for that of another call with this id.
      if (call.isAbandoned && call.state !== 'sent') this.#calls.delete(id)
    })
    this.#pump()
    return answered
  }

  online(send: (frame: RequestFrame) => void, hello: HelloAnswer): void {
    this.#online = onlineWith(send, hello, this.#settings.environment.now())
    this.#pump()
  }

  /** `at`: what the clock of the server shows; that of the terminal may have been set since. */
  timed(at: number): void {
    if (this.#online !== undefined) this.#online.offsetMs = at - this.#settings.environment.now()
  }

  /** What was sent and not answered is sent again on the next connection, unless nobody waits for it. */
  offline(): void {
    this.#online = undefined
    for (const call of this.#calls.values()) {
      if (call.isAbandoned) this.#calls.delete(call.id)
      else if (call.state === 'sent') call.state = 'queued'
    }
  }

  take(frame: ReplyFrame): void {
    const call = frame.id === null ? undefined : this.#calls.get(frame.id)
    if (call?.state !== 'sent') return
    if (this.#online !== undefined) this.#online.window += 1
    if (frame.ok) {
      this.#calls.delete(call.id)
      call.answer(frame.repeat, frame.answer)
    } else this.#refused(call, frame)
    this.#pump()
  }

  /** Refuses everything, now and from now on. */
  end(error: QingfenError): void {
    this.#over = error
    this.#online = undefined
    for (const call of this.#calls.values()) call.refuse(error)
    this.#calls.clear()
  }

  #joined(id: string, op: TerminalOperation, body: unknown): Call {
    if (!ID.test(id) || id.startsWith(OWN_IDS)) {
      const why = `id: text, 1–64 ASCII, not ${OWN_IDS}…`
      throw clientError('FRAME_MALFORMED', 'id', { why })
    }
    if (this.#over !== undefined) throw this.#over
    const { limits, environment } = this.#settings
    const content = contentOf(op, body)
    const waiting = this.#calls.get(id)
    const isSame = waiting?.isFor(content.text) ?? !this.#memory.differs(id, content.text)
    if (!isSame) throw clientError('REQUEST_DIFFERS', '', { request: id }, { requestId: id })
    if (waiting !== undefined) return waiting
    if (this.#calls.size >= limits.unanswered) {
      const details = { max: limits.unanswered }
      throw clientError('CLIENT_QUEUE_FULL', '', details, { requestId: id })
    }
    const call = new Call(id, op, content, environment.now())
    this.#calls.set(id, call)
    return call
  }

  /** `onRequest` may call the terminal itself: what it asks for is sent behind the request that it was given. */
  #pump(): void {
    if (this.#isPumping) return
    this.#isPumping = true
    try {
      this.#sendQueued()
    } finally {
      this.#isPumping = false
    }
  }

  #sendQueued(): void {
    const online = this.#online
    if (online === undefined) return
    let inFlight = 0
    for (const { state } of this.#calls.values()) if (state === 'sent') inFlight += 1
    for (const call of this.#calls.values()) {
      if (inFlight >= Math.min(online.window, online.inFlightMost)) return
      if (call.state === 'queued' && this.#send(call, online)) inFlight += 1
    }
  }

  /** Whether it was sent; what cannot be is refused. */
  #send(call: Call, online: Online): boolean {
    const { id, op } = call
    const isNew = this.#memory.sentAs(id) === undefined
    call.content = this.#memory.sentAs(id) ?? this.#expiring(call, online)
    const frame: RequestFrame = { id, op, body: call.content.body }
    try {
      this.#checkSize(frame, online)
      if (isNew && WRITING.has(op)) {
        this.#settings.onRequest(frame)
        this.#memory.remember(id, call.asked, call.content)
      }
    } catch (error) {
      this.#calls.delete(id)
      call.refuse(error instanceof QingfenError ? error : notKept(id, error))
      return false
    }
    call.state = 'sent'
    online.send(frame)
    return true
  }

  #expiring({ op, content, calledAt }: Call, { offsetMs }: Online): Content {
    if (!EXPIRING.has(op) || content.body['notAfter'] !== undefined) return content
    return expiring(op, content, calledAt + offsetMs + this.#settings.limits.notAfterMs)
  }

  /** The server would close the connection over it, and again each time it is sent again. */
  #checkSize(frame: RequestFrame, { frameBytes: max }: Online): void {
    const size = this.#settings.sizeOf(frame)
    if (size > max) throw clientError('FRAME_TOO_LARGE', '', { size, max }, { requestId: frame.id })
  }

  #refused(call: Call, { problems, retryAfterMs, split }: RefusalFrame): void {
    const { environment } = this.#settings
    const mayPass = retryAfterMs !== undefined && problems.every(({ retryable }) => retryable)
    if (mayPass && !call.isAbandoned) {
      call.putOff(environment, retryAfterMs, () => {
        this.#pump()
      })
      return
    }
    this.#calls.delete(call.id)
    // A final refusal: nothing was posted, and the id may be used for another try. One for the moment says nothing about the
    // times the request was sent before.
    if (problems.every(({ retryable }) => !retryable)) this.#memory.forget(call.id)
    const extras = { requestId: call.id, retryAfterMs, split: split as QuoteAnswer | undefined }
    call.refuse(new QingfenError(problems, extras))
  }
}

/** What the caller could not store is not sent: after a restart it would be sent under another id. */
function notKept(requestId: string, error: unknown): QingfenError {
  const why = error instanceof Error ? error.message : String(error)
  return clientError('CLIENT_SETTING_WRONG', '', { name: 'onRequest', why }, { requestId })
}
