import { problem, type Problem } from '../errors/problem.ts'
import type { RequestRow, Rows } from '../ledger/rows.ts'
import type { Store } from './ports.ts'
import type { EngineReply } from './request.ts'
import { storedReply } from './stored-reply.ts'
import type { TakenRequest } from './turn.ts'

export type Refused = Extract<EngineReply, { readonly kind: 'refused' }>

export function refusal(problems: readonly Problem[]): Refused {
  return { kind: 'refused', problems }
}

/** The reply to a request whose id `row` has already: the stored answer, if it is the same request. */
export function repeated(
  rows: Rows,
  row: RequestRow,
  { id, fingerprint }: TakenRequest,
): EngineReply {
  if (row.fingerprint !== fingerprint) {
    return refusal([problem('REQUEST_DIFFERS', 'requestId', { request: id })])
  }
  return { kind: 'answer', repeat: true, answer: storedReply(rows, row.seq) }
}

/** Keys of the prepared settlements that have no end yet. */
export function preparedKeys(store: Store): readonly number[] {
  return [...store.range('prepared')].map(({ key }) => Number(key))
}

/** Counted for a body that comes as an object, whose size nobody has measured. */
const BODY_BYTES_ASSUMED = 4_096

export function bodyBytes(body: unknown): number {
  return body instanceof Uint8Array ? body.byteLength : BODY_BYTES_ASSUMED
}
