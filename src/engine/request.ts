import type { Problem } from '../errors/problem.ts'
import type { ReplyEncoding } from '../protocol/frames/write-frame.ts'
import type { SentMessage } from './sent-request.ts'
import { LEDGER_OPERATIONS, type LedgerOperation } from '../protocol/frames/operations.ts'

/** Operations of docs/ledger.md, section 6. */
export const OPERATIONS = LEDGER_OPERATIONS

/** Operations that write nothing: no idempotency, no place in the journal. */
export const READ_ONLY: ReadonlySet<string> = new Set(['quote', 'unresolved', 'find', 'dayTotals'])

export type Operation = LedgerOperation

export type Encoding = 'msgpack' | 'json'

export interface EngineRequest {
  readonly operation: Operation
  /** Institution code; '' for an operator. */
  readonly hospital: string
  /** At most 64 characters; read-only operations may leave it empty. */
  readonly requestId: string
  /** A document (objects, lists, text, numbers, booleans), or its bytes, not decoded. */
  readonly body: unknown
  /** Encoding of `body` when it is bytes, and of the answer's bytes; default json. */
  readonly encoding?: Encoding
  /** The message that `body` was decoded from: with it the engine need not keep what it has decoded. */
  readonly sent?: SentMessage
  /** Whoever asks will send the answer in a frame of this encoding, under the request's id. */
  readonly reply?: ReplyEncoding
}

export type EngineReply =
  | {
      readonly kind: 'answer'
      /** The request had been answered before; `answer` is that answer. */
      readonly repeat: boolean
      readonly answer: Readonly<Record<string, unknown>>
      /** The frame that was asked for with `reply`, where it is written already. */
      readonly frame?: Uint8Array
    }
  | {
      readonly kind: 'refused'
      readonly problems: readonly Problem[]
      /** Present when it is worth trying again, ms. */
      readonly retryAfterMs?: number
      /** With QUOTE_CHANGED: the new split. */
      readonly split?: Readonly<Record<string, unknown>>
    }
