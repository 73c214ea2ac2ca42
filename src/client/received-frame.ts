import type { EventFrame } from '../protocol/frames/event-frame.ts'
import type { HelloAnswer } from '../protocol/frames/hello.ts'
import type { FrameProblem, ReplyFrame } from '../protocol/frames/reply-frame.ts'
import type { FrameBody } from '../protocol/frames/request-frame.ts'
import { PROTOCOL_VERSION } from '../protocol/frames/subprotocols.ts'

/*
 * What comes from the network is looked at before anything uses it: a proxy or a broken server may send anything, and what throws in
 * a listener of a WebSocket ends the program of the hospital.
 */

export type ReceivedFrame = ReplyFrame | EventFrame

type Members = Readonly<Record<string, unknown>>

/** A timer of JavaScript that is told to wait longer does not wait at all. */
const WAIT_MOST_MS = 2 ** 31 - 1

/** Undefined for what is no frame of the protocol. */
export function receivedFrame(tree: unknown): ReceivedFrame | undefined {
  if (!isMembers(tree)) return undefined
  const isFrame = 'event' in tree ? isEvent(tree) : isReply(tree)
  return isFrame ? (tree as unknown as ReceivedFrame) : undefined
}

/** Undefined for what is no answer to hello; of another version of the protocol only the number is known. */
export function helloAnswer(answer: FrameBody): HelloAnswer | undefined {
  const { protocol, at, limits } = answer
  const isOther = typeof protocol === 'number' && protocol !== PROTOCOL_VERSION
  const isOurs = protocol === PROTOCOL_VERSION && Number.isSafeInteger(at) && isMembers(limits)
  return isOther || isOurs ? (answer as unknown as HelloAnswer) : undefined
}

function isEvent({ event }: Members): boolean {
  return typeof event === 'string'
}

function isReply({ id, ok, answer, problems, retryAfterMs }: Members): boolean {
  if (ok === true) return typeof id === 'string' && isMembers(answer)
  const isNamed = typeof id === 'string' || id === null
  const isTold = Array.isArray(problems) && problems.length > 0 && problems.every(isProblem)
  return ok === false && isNamed && isTold && isWait(retryAfterMs)
}

function isProblem(value: unknown): value is FrameProblem {
  return (
    isMembers(value) && typeof value['code'] === 'string' && typeof value['retryable'] === 'boolean'
  )
}

function isWait(ms: unknown): boolean {
  return ms === undefined || (typeof ms === 'number' && ms >= 0 && ms <= WAIT_MOST_MS)
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
