import { hasKeys } from '../has-keys.ts'

/*
 * Answers are trees of objects, lists, texts, numbers, booleans and nulls, and become MessagePack here at a fraction of what msgpackr
 * takes, which asks of every value whether it is something else. At whatever is seldom (undefined, an instance of a class, very much
 * of anything) this writer gives up and msgpackr writes the tree from its beginning. The bytes are those that msgpackr writes:
 * test/protocol/frames/plain-writer.test.ts compares the two.
 */

/** More is left to msgpackr; the recursion of this writer is bounded. */
const DEPTH_MAX = 32
/** Of lists, objects and texts. */
const LENGTH_MAX = 0xffff
/** Bytes that answers lie in, one behind the other. */
const SPACE_BYTES = 16 * 1_024
/** The most that a number takes, or the head of anything else. */
const HEAD_BYTES_MAX = 9
/** Numbers of records, one for each list of keys in a message. */
const [FIRST_RECORD, RECORDS_MAX] = [0x40, 64]
const NO_SPACE = Buffer.alloc(0)

type Tree = Readonly<Record<string, unknown>>

class PlainWriter {
  private readonly double = new DataView(new ArrayBuffer(8))
  private space: Buffer = NO_SPACE
  private start = 0
  private at = 0
  private isRecords = false
  /** The lists of keys of this message; the number of each is its place. */
  private readonly records: (readonly string[])[] = []

  /** Undefined when it gave up. */
  write(value: unknown, isRecords: boolean): Uint8Array | undefined {
    this.isRecords = isRecords
    this.records.length = 0
    this.start = this.at
    const isWritten = this.value(value, DEPTH_MAX)
    const { space, start, at } = this
    if (isWritten) return space.subarray(start, at)
    this.at = start
    return undefined
  }

  /** False when it gives up, as all that follow. */
  private value(value: unknown, depth: number): boolean {
    this.reserve(HEAD_BYTES_MAX)
    if (typeof value === 'number') {
      this.number(value)
      return true
    }
    if (typeof value === 'string') return this.text(value)
    if (typeof value === 'boolean') return this.byte(value ? 0xc3 : 0xc2)
    if (value === null) return this.byte(0xc0)
    if (typeof value !== 'object' || depth === 0) return false
    if (Array.isArray(value)) return this.list(value, depth)
    if (Object.getPrototypeOf(value) !== Object.prototype) return false
    const object = value as Tree
    return this.isRecords ? this.record(object, depth) : this.map(object, depth)
  }

  private byte(byte: number): true {
    this.space[this.at] = byte
    this.at += 1
    return true
  }

  private number(value: number): void {
    const { space, at } = this
    // Small ones stand for themselves; of records the upper half are numbers of records.
    if (value >>> 0 === value) {
      if (value < FIRST_RECORD || (value < 0x80 && !this.isRecords)) {
        space[at] = value
        this.at = at + 1
      } else if (value < 0x100) {
        space[at] = 0xcc
        space[at + 1] = value
        this.at = at + 2
      } else if (value < 0x1_0000) this.head(0xcd, value, 2)
      else this.head(0xce, value, 4)
    } else if (value >> 0 === value) {
      if (value >= -0x20) this.byte(0x100 + value)
      else if (value >= -0x80) this.head(0xd0, value, 1)
      else if (value >= -0x8000) this.head(0xd1, value, 2)
      else this.head(0xd2, value, 4)
    } else {
      this.double.setFloat64(0, value)
      space[at] = 0xcb
      for (let index = 0; index < 8; index += 1) {
        space[at + 1 + index] = this.double.getUint8(index)
      }
      this.at = at + 9
    }
  }

  /** A token, and a number behind it; typed arrays keep of each number its last eight bits. */
  private head(token: number, number: number, bytes: 1 | 2 | 4): void {
    const { space } = this
    let at = this.at
    space[at++] = token
    if (bytes === 4) {
      space[at++] = number >> 24
      space[at++] = number >> 16
    }
    if (bytes !== 1) space[at++] = number >> 8
    space[at++] = number
    this.at = at
  }

  private list(list: readonly unknown[], depth: number): boolean {
    const { length } = list
    if (length < 0x10) this.byte(0x90 | length)
    else if (length <= LENGTH_MAX) this.head(0xdc, length, 2)
    else return false
    for (let index = 0; index < length; index += 1) {
      if (!this.value(list[index], depth - 1)) return false
    }
    return true
  }

  private map(object: Tree, depth: number): boolean {
    let size = 0
    for (const _ in object) size += 1
    if (size < 0x10) this.byte(0x80 | size)
    else if (size <= LENGTH_MAX) this.head(0xde, size, 2)
    else return false
    for (const key in object) {
      if (isSeldom(key) || !this.text(key) || !this.value(object[key], depth - 1)) return false
    }
    return true
  }

  /** The keys of an object are written once, and from then on are a number. */
  private record(object: Tree, depth: number): boolean {
    if (!this.keysOf(object, depth)) return false
    for (const key in object) if (!this.value(object[key], depth - 1)) return false
    return true
  }

  private keysOf(object: Tree, depth: number): boolean {
    const { records } = this
    for (let place = 0; place < records.length; place += 1) {
      if (hasKeys(object, records[place] ?? [])) return this.byte(FIRST_RECORD + place)
    }
    const keys = Object.keys(object)
    if (records.length === RECORDS_MAX || keys.some(isSeldom)) return false
    this.head(0xd4, (0x72 << 8) | (FIRST_RECORD + records.length), 2)
    records.push(keys)
    return this.list(keys, depth)
  }

  private text(text: string): boolean {
    const { length } = text
    if (3 * length > LENGTH_MAX) return false
    this.reserve(3 * length + 3)
    // The head has the size that the bytes of an ASCII text take; for others they are moved.
    const guessed = headBytes(length)
    const { space } = this
    const from = this.at + guessed
    let at = from
    for (let index = 0; index < length; index += 1) {
      const code = text.charCodeAt(index)
      if (code < 0x80) space[at++] = code
      else {
        at = this.wide(text, index, at)
        break
      }
    }
    const bytes = at - from
    const head = headBytes(bytes)
    if (head !== guessed) space.copyWithin(this.at + head, from, at)
    if (head === 1) space[this.at] = 0xa0 | bytes
    else this.head(head === 2 ? 0xd9 : 0xda, bytes, head === 2 ? 1 : 2)
    this.at = at + head - guessed
    return true
  }

  /** The rest of a text from `index` on, to be written at `at`; says where it ends. */
  private wide(text: string, index: number, at: number): number {
    const rest = index === 0 ? text : text.slice(index)
    return at + this.space.write(rest, at, 'utf8')
  }

  private reserve(more: number): void {
    if (this.at + more <= this.space.length) return
    const written = this.at - this.start
    const larger = Buffer.allocUnsafeSlow(Math.max(SPACE_BYTES, 2 * (written + more)))
    larger.set(this.space.subarray(this.start, this.at))
    this.space = larger
    this.start = 0
    this.at = written
  }
}

/** Means something else to msgpackr. */
function isSeldom(key: string): boolean {
  return key === 'constructor' || key === '__keys__'
}

function headBytes(length: number): 1 | 2 | 3 {
  if (length < 0x20) return 1
  return length < 0x100 ? 2 : 3
}

/** One for all answers, which are written one after the other: what it keeps is working space. */
const writer = new PlainWriter()

/** `value` as `encodePlain` writes it, or with `isRecords` as `encode` does; undefined when it is not plain. The bytes are the caller's own. */
export function writePlainly(value: unknown, isRecords: boolean): Uint8Array | undefined {
  return writer.write(value, isRecords)
}
