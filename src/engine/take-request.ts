import { problem, success, failure, type Problem, type Result } from '../errors/problem.ts'
import { sha256Hex } from '../ledger/hash.ts'
import { decodeForeign } from '../protocol/codec.ts'
import { shortNumber } from '../protocol/canonical-body.ts'
import { canonicalContent } from '../protocol/canonical-content.ts'
import { parseJsonExact } from '../protocol/json-exact.ts'
import { BODY_DEPTH_MAX, REQUEST_ID_MAX } from './limits.ts'
import { OPERATIONS, READ_ONLY, type EngineRequest } from './request.ts'
import type { TakenRequest } from './turn.ts'

/** Printable ASCII without the space: what every system can print, log and search. */
const ID = /^[!-~]+$/
const HOSPITAL = /^[A-Za-z0-9_.-]{0,30}$/
const UTF8 = new TextDecoder('utf-8', { fatal: true })
const FINGERPRINT_DIGITS = 32

/** A request in the form it is worked on: its body decoded and canonical, its fingerprint taken. */
export function takeRequest(request: EngineRequest): Result<TakenRequest> {
  const { operation, hospital, requestId: id } = request
  const wrong = wrongAround(request)
  if (wrong !== undefined) return failure(wrong)
  const tree = decodedBody(request)
  if (!tree.ok) return tree
  const made = canonicalContent(tree.value, BODY_DEPTH_MAX, `${operation}\n${hospital}\n`)
  if (made === undefined) return failure(malformed('body', 'body: object, Unicode'))
  const fingerprint = READ_ONLY.has(operation)
    ? ''
    : sha256Hex(made.bytes).slice(0, FINGERPRINT_DIGITS)
  const { reply } = request
  const taken = { operation, hospital, id, body: made.content, fingerprint }
  return success(reply === undefined ? taken : { ...taken, reply })
}

/** What is wrong with a request beside its body. */
export function wrongAround({
  operation,
  hospital,
  requestId,
}: EngineRequest): Problem | undefined {
  if (!OPERATIONS.includes(operation)) return malformed('operation', String(operation))
  if (typeof hospital !== 'string' || !HOSPITAL.test(hospital)) {
    return malformed('hospital', 'hospital: [A-Za-z0-9_.-]{0,30}')
  }
  if (isRequestId(requestId, READ_ONLY.has(operation))) return undefined
  return malformed('requestId', `requestId: 1–${REQUEST_ID_MAX} ASCII`)
}

function isRequestId(id: unknown, mayBeEmpty: boolean): id is string {
  if (typeof id !== 'string' || id.length > REQUEST_ID_MAX) return false
  return id === '' ? mayBeEmpty : ID.test(id)
}

function decodedBody({ body, encoding }: EngineRequest): Result<unknown> {
  if (!(body instanceof Uint8Array)) return success(body)
  try {
    // Bytes that are no UTF-8 are refused: different ids would become the same replacement characters.
    return encoding === 'msgpack'
      ? success(decodeForeign(body))
      : parseJsonExact(UTF8.decode(body), shortNumber)
  } catch (error) {
    return failure(malformed('body', error instanceof Error ? error.message : 'bytes'))
  }
}

function malformed(where: string, why: string): Problem {
  return problem('REQUEST_MALFORMED', where, { why: why.slice(0, 200) })
}
