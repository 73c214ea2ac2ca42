import type { ErrorCode } from '../../errors/codes.ts'
import { problem, success, type Problem, type Result } from '../../errors/problem.ts'
import { shortNumber } from '../canonical-body.ts'
import { decodeForeign } from '../codec.ts'
import { quoted } from '../findings.ts'
import { parseJsonExact } from '../json-exact.ts'
import { isFrameOperation, type FrameOperation } from './operations.ts'
import { readPlainMessage } from './plain-message.ts'
import { hasRepairedText } from './repaired-text.ts'
import type { FrameEncoding } from './subprotocols.ts'

export type FrameBody = Readonly<Record<string, unknown>>

export interface RequestFrame {
  /** For operations that write: the idempotency key. */
  readonly id: string
  readonly op: FrameOperation
  readonly body: FrameBody
}

export type ReadFrame =
  | { readonly ok: true; readonly frame: RequestFrame }
  | {
      readonly ok: false
      /** Of the frame, if one can be read: who sent it can be answered. */
      readonly id: string | undefined
      readonly problems: readonly [Problem]
    }

/** Printable ASCII without the space: as the engine takes request ids. */
const ID = /^[!-~]{1,64}$/
const MEMBERS: ReadonlySet<string> = new Set(['id', 'op', 'body'])
const UTF8 = new TextDecoder('utf-8', { fatal: true })
const WHY_MAX = 160

/**
 * Reads one message of a connection. Numbers of JSON stand as text in the body, those of MessagePack as numbers: the engine
 * takes both for the same. Refuses `FRAME_MALFORMED`, `OPERATION_UNKNOWN`, and what `parseJsonExact` refuses.
 */
export function readRequestFrame(bytes: Uint8Array, encoding: FrameEncoding): ReadFrame {
  // Text of a plain message was found to be UTF-8.
  const plain = encoding === 'msgpack' ? readPlainMessage(bytes) : undefined
  const tree = plain === undefined ? decoded(bytes, encoding) : success(plain)
  if (!tree.ok) return refusedFrame(undefined, tree.problems[0] ?? malformed('bytes'))
  const frame = tree.value
  if (!isObject(frame)) return refusedFrame(undefined, malformed('object { id, op, body }'))
  const { id, op, body } = frame
  if (typeof id !== 'string' || !ID.test(id)) {
    return refusedFrame(undefined, malformed('id: text, 1–64 ASCII', 'id'))
  }
  const stray = Object.keys(frame).find((key) => !MEMBERS.has(key))
  if (stray !== undefined) return refusedFrame(id, malformed(`${quoted(stray)}?`))
  if (typeof op !== 'string') return refusedFrame(id, malformed('op: text', 'op'))
  if (!isFrameOperation(op)) {
    return refusedFrame(id, problem('OPERATION_UNKNOWN', 'op', { op: quoted(op) }))
  }
  if (!isObject(body)) return refusedFrame(id, malformed('body: object', 'body'))
  if (encoding === 'msgpack' && plain === undefined && hasRepairedText(body, bytes)) {
    return refusedFrame(id, malformed('text: UTF-8', 'body'))
  }
  return { ok: true, frame: { id, op, body } }
}

/** A problem with a frame as a whole, or with its member `where`. */
export function malformed(why: string, where = ''): Problem {
  const code: ErrorCode = 'FRAME_MALFORMED'
  return problem(code, where, { why: why.slice(0, WHY_MAX) })
}

function refusedFrame(id: string | undefined, found: Problem): ReadFrame {
  return { ok: false, id, problems: [found] }
}

function decoded(bytes: Uint8Array, encoding: FrameEncoding): Result<unknown> {
  try {
    return encoding === 'json'
      ? parseJsonExact(UTF8.decode(bytes), shortNumber)
      : success(decodeForeign(bytes))
  } catch (error) {
    const why = error instanceof Error ? error.message : 'bytes'
    return { ok: false, problems: [malformed(quoted(why))] }
  }
}

/** Plain data with members: no list, no class that an extension of MessagePack made. */
function isObject(value: unknown): value is FrameBody {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
