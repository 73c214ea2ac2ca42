import { problem, success, type Result } from '../errors/problem.ts'
import { canonicalContent } from '../protocol/canonical-content.ts'
import { readRequestFrame } from '../protocol/frames/request-frame.ts'
import type { FrameEncoding } from '../protocol/frames/subprotocols.ts'
import { isPlainObject } from '../protocol/plain-facts.ts'
import { BODY_DEPTH_MAX, WORKER_MESSAGE_BYTES_MAX } from './limits.ts'
import type { EngineRequest } from './request.ts'
import { takeRequest, wrongAround } from './take-request.ts'
import type { Document, TakenRequest } from './turn.ts'

/*
 * A bill that a worker evaluates need not be decoded by the writer: the worker gets the message, and the writer keeps of the body what
 * it looks at itself, all but the lines. Where the writer has to run the bill after all it takes the request whole, from the message.
 */

/** A message of a connection, as it came; the bytes are the engine's own. */
export interface SentMessage {
  readonly message: Uint8Array
  readonly encoding: FrameEncoding
}

/** A request in its message, for a worker to take. */
export interface SentBill extends SentMessage {
  readonly operation: TakenRequest['operation']
  readonly hospital: string
}

/** Both names that the lines of a bill may have. */
const LINES: ReadonlySet<string> = new Set(['lines', 'feedetail'])

/**
 * The request without the lines of its bill and without its fingerprint, which a worker will tell; undefined where it has to be taken
 * whole: its message is large, its lines were sent beforehand, or something about it is not as usual.
 */
export function takeLightly(request: EngineRequest): TakenRequest | undefined {
  const { operation, hospital, requestId: id, body, sent, reply } = request
  if (sent === undefined || !isPlainObject(body)) return undefined
  if (sent.message.byteLength > WORKER_MESSAGE_BYTES_MAX) return undefined
  if (wrongAround(request) !== undefined || id === '') return undefined
  const { bill } = body
  if (!isPlainObject(bill) || bill['staged'] !== undefined) return undefined
  const light = withoutLines(bill)
  if (light === undefined) return undefined
  const made = canonicalContent({ ...body, bill: light }, BODY_DEPTH_MAX, '')
  if (made === undefined) return undefined
  const { message, encoding } = sent
  const taken = { operation, hospital, id, body: made.content, fingerprint: '' }
  return {
    ...taken,
    sent: { message, encoding, operation, hospital },
    ...(reply !== undefined && { reply }),
  }
}

function withoutLines(bill: Document): Document | undefined {
  const light: Record<string, unknown> = {}
  let lists = 0
  for (const key in bill) {
    if (!LINES.has(key)) light[key] = bill[key]
    else if (Array.isArray(bill[key])) lists += 1
    else return undefined
  }
  return lists === 1 ? light : undefined
}

/** The whole request of a message. Refused as it would have been when it came. */
export function takeSent({
  message,
  encoding,
  operation,
  hospital,
}: SentBill): Result<TakenRequest> {
  const read = readRequestFrame(message, encoding)
  if (!read.ok) return { ok: false, problems: read.problems }
  const { id, body } = read.frame
  return takeRequest({ operation, hospital, requestId: id, body })
}

/** A request that was taken lightly as one that was taken whole; any other as it is. */
export function wholeRequest(request: TakenRequest): Result<TakenRequest> {
  const { sent, reply, trial } = request
  if (sent === undefined) return success(request)
  const whole = takeSent(sent)
  if (!whole.ok) return whole
  const { id } = whole.value
  if (id !== request.id) return { ok: false, problems: [problem('DEFECT', '', { what: 'id' })] }
  return success({
    ...whole.value,
    ...(reply !== undefined && { reply }),
    ...(trial !== undefined && { trial }),
  })
}
