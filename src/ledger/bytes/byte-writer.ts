import { assert } from '../../assert.ts'
import { ShapeTable } from './shape-table.ts'
import { TextTable } from './text-table.ts'
import { digitsOf, numberTag, placesOf } from './number-text.ts'
import {
  SHAPE_REF,
  SHAPE_REFS,
  SHARED_TEXT_MAX,
  SMALL_MAX,
  TAG,
  TEXT_REF,
  TEXT_REF_FAR,
  TEXT_REFS,
  TEXT_SHORT,
  TEXT_SHORT_MAX,
} from './tags.ts'

/** Hex digits of a fingerprint, which is no other's. */
const DIGEST_DIGITS = 32
/** And of the hash of a rule set, which many records name. */
const RULE_SET_DIGITS = 64
const SPACE_FIRST = 2 ** 10
const SEVEN_BITS = 0x7f
const MORE = 0x80
const SIX_BITS = 0x40
/** What bit operations can be done with. */
const INT_MAX = 0x7fff_ffff
const ASCII_LAST = 0x7f
/** Texts that are worth a loop; a call into native code takes longer. */
const LOOP_MAX = 42

/**
 * Writes values one behind the other into space of its own, which grows and is used again. What was written since the last
 * `forget` is the context: a text or the names of an object that came before are referred to. So the same values after `forget`
 * give the same bytes, whatever was written earlier. With a `dictionary` the context is shared with it: what is new is written
 * there and referred to here, so that each stretch of what is written here can be read with the dictionary alone.
 */
export class ByteWriter {
  #space: Buffer = Buffer.allocUnsafeSlow(SPACE_FIRST)
  #end = 0
  readonly #texts: TextTable
  readonly #shapes: ShapeTable
  readonly #dictionary: ByteWriter | undefined

  constructor(dictionary?: ByteWriter) {
    this.#dictionary = dictionary
    this.#texts = dictionary === undefined ? new TextTable() : dictionary.#texts
    this.#shapes = dictionary === undefined ? new ShapeTable() : dictionary.#shapes
  }

  /** Where the next value begins. */
  get end(): number {
    return this.#end
  }

  /** A copy of what was written since `restart`, from `start` on. */
  copy(start = 0): Uint8Array {
    const bytes = Buffer.allocUnsafeSlow(this.#end - start)
    this.#space.copy(bytes, 0, start, this.#end)
    return new Uint8Array(bytes.buffer)
  }

  /** Begins at the front of its space, in a new context. */
  restart(): void {
    this.#end = 0
    this.forget()
  }

  /** Begins a new context. */
  forget(): void {
    this.#texts.clear()
    this.#shapes.clear()
  }

  /** Leaves room for what is written there later. */
  skip(bytes: number): void {
    if (this.#end + bytes > this.#space.length) this.#grow(bytes)
    this.#end += bytes
  }

  byte(value: number): void {
    if (this.#end === this.#space.length) this.#grow(1)
    this.#space[this.#end] = value
    this.#end += 1
  }

  /** A whole number from 0 up, seven bits a byte, the lowest first. */
  uint(value: number): void {
    assert(Number.isSafeInteger(value) && value >= 0, 'a whole number from 0 up')
    if (this.#end + 8 > this.#space.length) this.#grow(8)
    const space = this.#space
    let at = this.#end
    let rest = value
    while (rest > INT_MAX) {
      space[at] = (rest % MORE) | MORE
      rest = Math.floor(rest / MORE)
      at += 1
    }
    while (rest > SEVEN_BITS) {
      space[at] = (rest & SEVEN_BITS) | MORE
      rest >>>= 7
      at += 1
    }
    space[at] = rest
    this.#end = at + 1
  }

  /** A whole number with its sign in the lowest bit, six bits of it in the first byte. */
  int(value: number): void {
    const magnitude = Math.abs(value)
    assert(Number.isSafeInteger(magnitude), 'a whole number')
    const first = (magnitude % SIX_BITS) * 2 + (value < 0 ? 1 : 0)
    if (magnitude < SIX_BITS) this.byte(first)
    else {
      this.byte(first | MORE)
      this.uint(Math.floor(magnitude / SIX_BITS))
    }
  }

  value(value: unknown): void {
    switch (typeof value) {
      case 'string':
        return this.text(value)
      case 'number':
        return this.#number(value)
      case 'boolean':
        return this.byte(value ? TAG.true : TAG.false)
      case 'undefined':
        return this.byte(TAG.undefined)
      case 'object':
        return value === null ? this.byte(TAG.null) : this.#object(value)
      case 'bigint':
      case 'function':
      case 'symbol':
        assert(false, `a ${typeof value} cannot be stored`)
    }
  }

  /** A text that may come again: the second time it is a reference. */
  text(text: string): void {
    const { length } = text
    if (length === 0) {
      this.byte(TEXT_SHORT)
      return
    }
    const tag = numberTag(text)
    if (tag !== 0) {
      this.byte(tag)
      if (tag === TAG.decimalText) this.byte(placesOf(text))
      this.uint(digitsOf(text))
      return
    }
    if (length > SHARED_TEXT_MAX) {
      this.#looseText(text)
      return
    }
    if (length === DIGEST_DIGITS && isHex(text)) {
      this.#hex(TAG.looseHex, text)
      return
    }
    const known = this.#texts.find(text, 0, length)
    if (known >= 0) this.#reference(known)
    else this.#firstText(text)
  }

  /** A part of a text, which is no number and not empty. */
  part(text: string, from: number, to: number): void {
    const known = to - from > SHARED_TEXT_MAX ? -1 : this.#texts.find(text, from, to)
    if (known >= 0) this.#reference(known)
    else this.text(text.slice(from, to))
  }

  #firstText(text: string): void {
    const to = this.#dictionary ?? this
    if (!this.#texts.hasRoom || !to.#newText(text)) {
      this.#looseText(text)
      return
    }
    const place = this.#texts.add(text)
    if (to !== this) this.#reference(place)
  }

  /** A text that will not come again, of hex digits most likely. */
  looseHex(text: string): void {
    if (isHex(text)) this.#hex(TAG.looseHex, text)
    else this.#looseText(text)
  }

  /** The names of an object; its values are to be written behind it, in the same order. */
  shape(names: readonly string[]): void {
    const known = this.#shapes.find(names)
    if (known >= SHAPE_REFS) {
      this.byte(TAG.shape)
      this.uint(known)
    } else if (known >= 0) this.byte(SHAPE_REF + known)
    else this.#newShape(names)
  }

  #newShape(names: readonly string[]): void {
    const { hasRoom } = this.#shapes
    if (hasRoom && this.#dictionary !== undefined) {
      this.#dictionary.#newShape(names)
      this.shape(names)
      return
    }
    if (hasRoom) this.#shapes.add(names)
    this.byte(hasRoom ? TAG.newShape : TAG.looseShape)
    this.uint(names.length)
    for (const name of names) this.text(name)
  }

  bytes(bytes: Uint8Array): void {
    const { length } = bytes
    this.uint(length)
    if (this.#end + length > this.#space.length) this.#grow(length)
    this.#space.set(bytes, this.#end)
    this.#end += length
  }

  #number(value: number): void {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) this.#double(value)
    else if (value < 0) {
      this.byte(TAG.negative)
      this.uint(-1 - value)
    } else if (value <= SMALL_MAX) this.byte(value)
    else {
      this.byte(TAG.whole)
      this.uint(value)
    }
  }

  #double(value: number): void {
    this.byte(TAG.double)
    if (this.#end + 8 > this.#space.length) this.#grow(8)
    this.#end = this.#space.writeDoubleBE(value, this.#end)
  }

  #object(value: object): void {
    if (Array.isArray(value)) {
      this.byte(TAG.list)
      this.uint(value.length)
      for (let index = 0; index < value.length; index += 1) this.value(value[index])
      return
    }
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype === Object.prototype || prototype === null) {
      this.#members(value as Readonly<Record<string, unknown>>)
    } else if (value instanceof Map) {
      this.byte(TAG.map)
      this.uint(value.size)
      for (const [key, one] of value) {
        this.value(key)
        this.value(one)
      }
    } else {
      assert(value instanceof Uint8Array, 'what is stored is plain data')
      this.byte(TAG.bytes)
      this.bytes(value)
    }
  }

  #members(members: Readonly<Record<string, unknown>>): void {
    const names = Object.keys(members)
    this.shape(names)
    // By place: looking each up by its name takes several times as long.
    const values = Object.values(members)
    for (let index = 0; index < values.length; index += 1) this.value(values[index])
  }

  #reference(place: number): void {
    if (place < TEXT_REFS) this.byte(TEXT_REF + place)
    else {
      const far = place - TEXT_REFS
      this.byte(TEXT_REF_FAR + (far >> 8))
      this.byte(far & 0xff)
    }
  }

  /** False, and nothing written, when it cannot be one to be referred to. */
  #newText(text: string): boolean {
    const { length } = text
    if (length === RULE_SET_DIGITS && isHex(text)) {
      this.#hex(TAG.hex, text)
      return true
    }
    const start = this.#end
    if (length <= TEXT_SHORT_MAX) {
      this.byte(TEXT_SHORT + length)
      if (this.#ascii(text)) return true
      this.#end = start
    }
    if (length <= LOOP_MAX && this.#shortUtf8(text)) return true
    if (!text.isWellFormed()) return false
    this.byte(TAG.text)
    this.#utf8(text)
    return true
  }

  /** Tag, a length of one byte and a text of which no character needs two units; false, and nothing written, when one does. */
  #shortUtf8(text: string): boolean {
    const { length } = text
    if (this.#end + 2 + 3 * length > this.#space.length) this.#grow(2 + 3 * length)
    const space = this.#space
    const start = this.#end
    let at = start + 2
    for (let index = 0; index < length; index += 1) {
      const unit = text.charCodeAt(index)
      if (unit <= ASCII_LAST) {
        space[at] = unit
        at += 1
      } else if (unit < 0x800) {
        space[at] = 0xc0 | (unit >> 6)
        space[at + 1] = 0x80 | (unit & 0x3f)
        at += 2
      } else if (unit < 0xd800 || unit > 0xdfff) {
        space[at] = 0xe0 | (unit >> 12)
        space[at + 1] = 0x80 | ((unit >> 6) & 0x3f)
        space[at + 2] = 0x80 | (unit & 0x3f)
        at += 3
      } else return false
    }
    space[start] = TAG.text
    space[start + 1] = at - start - 2
    this.#end = at
    return true
  }

  #looseText(text: string): void {
    if (text.isWellFormed()) {
      this.byte(TAG.looseText)
      this.#utf8(text)
      return
    }
    this.byte(TAG.brokenText)
    this.bytes(Buffer.from(text, 'utf16le'))
  }

  #hex(tag: number, text: string): void {
    const length = text.length / 2
    this.byte(tag)
    this.uint(length)
    if (this.#end + length > this.#space.length) this.#grow(length)
    this.#end += this.#space.write(text, this.#end, length, 'hex')
  }

  /** False, and what it has written is to be written over, when there is more than ASCII in it. */
  #ascii(text: string): boolean {
    const { length } = text
    if (this.#end + length > this.#space.length) this.#grow(length)
    const space = this.#space
    const at = this.#end
    for (let index = 0; index < length; index += 1) {
      const unit = text.charCodeAt(index)
      if (unit > ASCII_LAST) return false
      space[at + index] = unit
    }
    this.#end = at + length
    return true
  }

  /** Length and bytes. */
  #utf8(text: string): void {
    const bytes = Buffer.byteLength(text)
    this.uint(bytes)
    if (this.#end + bytes > this.#space.length) this.#grow(bytes)
    this.#end += this.#space.write(text, this.#end, bytes, 'utf8')
  }

  #grow(bytes: number): void {
    const space = Buffer.allocUnsafeSlow(Math.max(this.#space.length * 2, this.#end + bytes))
    this.#space.copy(space, 0, 0, this.#end)
    this.#space = space
  }
}

function isHex(text: string): boolean {
  if (text.length % 2 !== 0) return false
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    const isDigit = (unit >= 0x30 && unit <= 0x39) || (unit >= 0x61 && unit <= 0x66)
    if (!isDigit) return false
  }
  return true
}
