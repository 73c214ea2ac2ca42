import { problem, success, type Problem, type Result } from '../errors/problem.ts'
import { requestRowKey } from '../ledger/rows.ts'
import type { EngineSettings } from './limits.ts'
import { bodyBytes, refusal, repeated } from './replies.ts'
import { READ_ONLY, type EngineReply, type EngineRequest } from './request.ts'
import { takeLightly } from './sent-request.ts'
import { EVALUATES } from './speculator.ts'
import { takeRequest } from './take-request.ts'
import type { TakenRequest } from './turn.ts'
import type { Writer } from './writer.ts'

export interface AdmittedRequest {
  readonly taken: TakenRequest
  /** Of its message or body. */
  readonly bytes: number
}

/** A request that may wait, the reply to one that may not, or what went wrong with it. */
export type Admitted = AdmittedRequest | EngineReply | { readonly refused: unknown }

export interface AdmissionPorts {
  readonly writer: Writer
  readonly settings: EngineSettings
  /** Threads that evaluate bills. */
  readonly workers: number
  /** Requests that are being tried. */
  readonly trying: () => number
}

/** Takes requests and bounds those that wait, in number and in bytes. */
export class Admission {
  readonly #ports: AdmissionPorts
  #waitingBytes = 0
  #isClosed = false

  constructor(ports: AdmissionPorts) {
    this.#ports = ports
  }

  /** From now on everything is refused with ENGINE_STOPPING. */
  close(): void {
    this.#isClosed = true
  }

  /** Its bytes count until `leave`. */
  enter({ bytes }: AdmittedRequest): void {
    this.#waitingBytes += bytes
  }

  leave({ bytes }: AdmittedRequest): void {
    this.#waitingBytes -= bytes
  }

  /** Whether a request is better given with its message (`EngineRequest.sent`). */
  wantsMessage(operation: string): boolean {
    return this.#ports.workers > 0 && EVALUATES.has(operation)
  }

  admit(request: EngineRequest): Admitted {
    try {
      const taken = this.#taken(request)
      if (!taken.ok) return refusal(taken.problems)
      if (this.#isClosed) return this.#retry('ENGINE_STOPPING', {})
      const earlier = this.#answeredBefore(taken.value)
      if (earlier !== undefined) return earlier
      const bytes = bodyBytes(request.sent?.message ?? request.body)
      const { waitingMax, waitingBytesMax } = this.#ports.settings
      const waiting = this.#ports.writer.waiting + this.#ports.trying()
      if (waiting >= waitingMax) return this.#retry('OVERLOADED', { max: waitingMax })
      if (this.#waitingBytes + bytes > waitingBytesMax) {
        return this.#retry('OVERLOADED', { max: `${waitingBytesMax} B` })
      }
      return { taken: taken.value, bytes }
    } catch (error) {
      return { refused: error }
    }
  }

  /** Without the lines of its bill where a worker will take them from the message, unless it may have been answered before. */
  #taken(request: EngineRequest): Result<TakenRequest> {
    const light = this.wantsMessage(request.operation) ? takeLightly(request) : undefined
    if (light === undefined) return takeRequest(request)
    const row = this.#ports.writer.committed.get('request', requestRowKey(light.hospital, light.id))
    return row === undefined ? success(light) : takeRequest(request)
  }

  /** The reply to a request whose answer is on the disk: it waits for nothing, so that no number of repeats fills the queue. */
  #answeredBefore(request: TakenRequest): EngineReply | undefined {
    if (READ_ONLY.has(request.operation)) return undefined
    const { committed, head } = this.#ports.writer
    const row = committed.get('request', requestRowKey(request.hospital, request.id))
    // What is committed can be read a moment before its flush has ended; then it waits like any other.
    return row === undefined || row.seq > head.seq ? undefined : repeated(committed, row, request)
  }

  #retry(code: 'OVERLOADED' | 'ENGINE_STOPPING', details: Problem['details']): EngineReply {
    const { retryAfterMs } = this.#ports.settings
    return { kind: 'refused', problems: [problem(code, '', details)], retryAfterMs }
  }
}
