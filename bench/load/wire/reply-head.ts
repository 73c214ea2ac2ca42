import { assert } from '../../../src/assert.ts'
import { NUMBER_DIGITS } from './frame-templates.ts'

/** `{ id: 'R' + digits, ok: … }` in plain MessagePack: a map, the key, the text's length, and after the text the key `ok`. */
const DIGITS_AT = 6
const OK_AT = DIGITS_AT + NUMBER_DIGITS + 3
const TRUE = 0xc3

export interface ReplyHead {
  /** Number of the request. */
  readonly index: number
  readonly isAnswer: boolean
}

/** Where the id of a request stands in a reply to it. */
export function placeOfId(reply: Buffer): number {
  assert(reply[DIGITS_AT - 1] === 0x52, 'a reply to one of our requests')
  return DIGITS_AT - 1
}

/** Which request a reply is to, and whether it is an answer, read without decoding the rest. */
export function replyHead(reply: Buffer): ReplyHead {
  assert(reply[DIGITS_AT - 1] === 0x52 && reply.length > OK_AT, 'a reply to one of our requests')
  let index = 0
  for (let at = DIGITS_AT; at < DIGITS_AT + NUMBER_DIGITS; at += 1) {
    index = index * 10 + (reply[at] ?? 0) - 0x30
  }
  return { index, isAnswer: reply[OK_AT] === TRUE }
}
