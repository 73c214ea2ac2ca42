import { answerFrame, type AnswerFrame } from './reply-frame.ts'
import type { FrameBody } from './request-frame.ts'
import { writeFrame, writeValue, type ReplyEncoding } from './write-frame.ts'

/** Members of an answer that are not known yet, in the order in which they stand at its front. */
export const LATE_MEMBERS = ['settlement', 'at', 'day'] as const

/** Their values: the final ones, or others that take as many bytes. */
export type LateValues = Readonly<Record<(typeof LATE_MEMBERS)[number], string | number>>

/** The frame of an answer with gaps, each as long as the value that will be put into it. */
export interface ReplyTemplate {
  readonly encoding: ReplyEncoding
  readonly bytes: Uint8Array
  /** Where each late member begins, and how many bytes it has. */
  readonly gaps: readonly (readonly [start: number, length: number])[]
}

/**
 * The frame of an answer whose late members have values that only stand in for the final ones. Everything else is written as
 * `writeFrame` does, so that `filledTemplate` gives the bytes that it would give. Undefined where a gap cannot be found.
 */
export function replyTemplate(
  id: string,
  answer: FrameBody,
  encoding: ReplyEncoding,
): ReplyTemplate | undefined {
  const bytes = writeFrame(answerFrame(id, false, answer), encoding)
  const frame = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const gaps: [number, number][] = []
  // Behind the id, which a client chose; up to the last gap all that follows is ours.
  const front: Omit<AnswerFrame, 'answer'> = { id, ok: true, repeat: false }
  let from = writeValue(front, encoding).byteLength - 1
  for (const member of LATE_MEMBERS) {
    if (answer[member] === undefined) return undefined
    const value = writeValue(answer[member], encoding)
    const start = frame.indexOf(value, from)
    if (start < 0) return undefined
    gaps.push([start, value.byteLength])
    from = start + value.byteLength
  }
  return { encoding, bytes, gaps }
}

/** The frame with the final values, written into the template's own bytes; undefined where one takes another number of bytes. */
export function filledTemplate(
  { encoding, bytes, gaps }: ReplyTemplate,
  values: LateValues,
): Uint8Array | undefined {
  for (let index = 0; index < gaps.length; index += 1) {
    const [start, length] = gaps[index] ?? [0, 0]
    const member = LATE_MEMBERS[index]
    const value = writeValue(member && values[member], encoding)
    if (value.byteLength !== length) return undefined
    bytes.set(value, start)
  }
  return bytes
}
