import type { Key } from '../engine/ports.ts'
import { lengthOf, unitAt } from '../text-units.ts'

/** What lmdb asks for to write keys into its own buffers: bytes whose order is the order of the keys. */
export interface KeyEncoder {
  /** Returns where the key ends; a `RangeError` when `target` has no room, upon which lmdb takes a new buffer. */
  writeKey(key: Key, target: Buffer, start: number): number
  readKey(source: Buffer, start: number, end: number): Key
}

const TWO_TO_32 = 2 ** 32
const NUMBER_BYTES = 8
const ASCII_LAST = 0x7f

/** Whole numbers from 0 up: eight bytes, the highest first. */
export const NUMBER_KEYS: KeyEncoder = {
  writeKey(key, target, start) {
    const number = Number(key)
    target.writeUInt32BE(Math.floor(number / TWO_TO_32), start)
    target.writeUInt32BE(number % TWO_TO_32, start + 4)
    return start + NUMBER_BYTES
  },
  readKey(source, start) {
    return source.readUInt32BE(start) * TWO_TO_32 + source.readUInt32BE(start + 4)
  },
}

/** Text as UTF-8. lmdb's own encoding of text cannot hold U+0000. */
export const TEXT_KEYS: KeyEncoder = {
  writeKey(key, target, start) {
    const text = String(key)
    const length = lengthOf(text)
    if (start + length > target.length) throw new RangeError('no room for the key')
    // Most keys are short and ASCII; a call into native code would take longer than this loop.
    for (let index = 0; index < length; index += 1) {
      const unit = unitAt(text, index)
      if (unit > ASCII_LAST) return writeUtf8(text, target, start)
      target[start + index] = unit
    }
    return start + length
  },
  readKey(source, start, end) {
    return source.toString('utf8', start, end)
  },
}

function writeUtf8(text: string, target: Buffer, start: number): number {
  // `write` would leave out what finds no room, and say nothing.
  if (start + Buffer.byteLength(text) > target.length) throw new RangeError('no room for the key')
  return start + target.write(text, start, 'utf8')
}
