import type { FrameBody } from '../protocol/frames/request-frame.ts'
import type { ClientEnvironment } from './environment.ts'
import { clientError, type QingfenError } from './qingfen-error.ts'
import type { Content } from './request-memory.ts'
import type { TerminalOperation } from './terminal-operations.ts'

/** What a call resolves to. */
export interface Answered<Answer> {
  /** Keep it with what it was for: the same request again gets the same answer. */
  readonly requestId: string
  /** It had been answered before. */
  readonly repeat: boolean
  readonly answer: Answer
}

interface Waiter {
  readonly resolve: (answered: Answered<FrameBody>) => void
  readonly reject: (error: QingfenError) => void
  readonly callOff: () => void
}

/** `later`: refused for the moment, to be sent again after a time. */
export type CallState = 'queued' | 'sent' | 'later'

/** A request without an answer, and everybody who waits for it. */
export class Call {
  readonly id: string
  readonly op: TerminalOperation
  /** The text of what was asked for. */
  readonly asked: string
  /** As it is sent. */
  content: Content
  /** Milliseconds since 1970-01-01, by the clock of the terminal. */
  readonly calledAt: number
  state: CallState = 'queued'
  #waiters: Waiter[] = []
  #callOffLater: () => void = () => undefined

  constructor(id: string, op: TerminalOperation, content: Content, calledAt: number) {
    this.id = id
    this.op = op
    this.asked = content.text
    this.content = content
    this.calledAt = calledAt
  }

  /** Nobody waits any more: every deadline has passed. */
  get isAbandoned(): boolean {
    return this.#waiters.length === 0
  }

  /** Whether it asks for the content `text`, as asked for or as sent. */
  isFor(text: string): boolean {
    return text === this.asked || text === this.content.text
  }

  /** Rejects with `CLIENT_DEADLINE` after `deadlineMs`, and calls `onLate` then. */
  async wait(
    { after }: Pick<ClientEnvironment, 'after'>,
    deadlineMs: number,
    onLate: () => void,
  ): Promise<Answered<FrameBody>> {
    const { id } = this
    return new Promise((resolve, reject) => {
      const callOff = after(deadlineMs, () => {
        this.#waiters = this.#waiters.filter((one) => one !== waiter)
        const details = { request: id, ms: deadlineMs }
        if (this.isAbandoned) this.#callOffLater()
        reject(clientError('CLIENT_DEADLINE', '', details, { requestId: id }))
        onLate()
      })
      const waiter: Waiter = { resolve, reject, callOff }
      this.#waiters.push(waiter)
    })
  }

  /** To be sent again after `ms`, when `onDue` is called; not if nobody waits for it any more. */
  putOff({ after }: Pick<ClientEnvironment, 'after'>, ms: number, onDue: () => void): void {
    this.state = 'later'
    this.#callOffLater = after(ms, () => {
      this.state = 'queued'
      onDue()
    })
  }

  answer(repeat: boolean, answer: FrameBody): void {
    for (const { resolve, callOff } of this.#waiters.splice(0)) {
      callOff()
      resolve({ requestId: this.id, repeat, answer })
    }
  }

  refuse(error: QingfenError): void {
    this.#callOffLater()
    for (const { reject, callOff } of this.#waiters.splice(0)) {
      callOff()
      reject(error)
    }
  }
}
