import { encode, encodePlain } from '../codec.ts'
import type { EventFrame } from './event-frame.ts'
import { writePlainly } from './plain-writer.ts'
import type { ReplyFrame } from './reply-frame.ts'

/** `records`: MessagePack with the inline records of msgpackr, half the bytes of plain maps. */
export type ReplyEncoding = 'json' | 'msgpack' | 'records'

export type ServerFrame = ReplyFrame | EventFrame

/** A frame as it is sent; the bytes are the caller's own. The same frame gives the same bytes. */
export function writeFrame(frame: ServerFrame, encoding: ReplyEncoding): Uint8Array {
  return writeValue(frame, encoding)
}

/** A frame or a part of one by itself. */
export function writeValue(value: unknown, encoding: ReplyEncoding): Uint8Array {
  switch (encoding) {
    case 'json':
      return Buffer.from(JSON.stringify(value), 'utf8')
    case 'msgpack':
      return writePlainly(value, false) ?? encodePlain(value)
    case 'records':
      return writePlainly(value, true) ?? encode(value)
  }
}
