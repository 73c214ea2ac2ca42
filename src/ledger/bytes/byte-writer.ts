import { assert } from '../../assert.ts'
import { NumberText } from './number-text.ts'
import { ShapeTable } from './shape-table.ts'
import { TextTable } from './text-table.ts'
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
import { lengthOf, unitAt } from '../../text-units.ts'

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
  readonly #numberText = new NumberText()

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
    if (typeof value === 'string') this.text(value)
    else if (typeof value === 'number') this.#number(value)
    else if (typeof value === 'object' && value !== null) this.#object(value)
    else this.#constant(value)
  }

  #constant(value: unknown): void {
    if (value === null) this.byte(TAG.null)
    else if (value === undefined) this.byte(TAG.undefined)
    else if (typeof value === 'boolean') this.byte(value ? TAG.true : TAG.false)
    else assert(false, `a ${typeof value} cannot be stored`)
  }

  /** A text that may come again: the second time it is a reference. */
  text(text: string): void {
    const length = lengthOf(text)
    if (length === 0) {
      this.byte(TEXT_SHORT)
      return
    }
    if (this.#unshared(text, length)) return
    const known = this.#texts.find(text, length)
    if (known >= 0) this.#reference(known)
    else this.#firstText(text, length)
  }

  /** A text that came before most likely, and is no number. */
  name(text: string): void {
    const length = lengthOf(text)
    if (length === 0 || length > SHARED_TEXT_MAX) {
      this.text(text)
      return
    }
    const known = this.#texts.find(text, length)
    if (known >= 0) this.#reference(known)
    else if (!this.#unshared(text, length)) this.#firstText(text, length)
  }

  /** Writes a text to which nothing ever refers; false: it is none. */
  #unshared(text: string, length: number): boolean {
    const tag = this.#numberText.read(text, length)
    if (tag !== 0) {
      this.byte(tag)
      if (tag === TAG.decimalText) this.byte(this.#numberText.places)
      this.uint(this.#numberText.digits)
    } else if (length > SHARED_TEXT_MAX) this.#looseText(text)
    else if (length === DIGEST_DIGITS && isHex(text, length)) this.#hex(TAG.looseHex, text, length)
    else return false
    return true
  }

  /** Of a text that was just looked for. */
  #firstText(text: string, length: number): void {
    const to = this.#dictionary ?? this
    if (!this.#texts.hasRoom || !to.#newText(text, length)) {
      this.#looseText(text)
      return
    }
    const place = this.#texts.add(text)
    if (to !== this) this.#reference(place)
  }

  /** A text that will not come again, of hex digits most likely. */
  looseHex(text: string): void {
    const length = lengthOf(text)
    if (isHex(text, length)) this.#hex(TAG.looseHex, text, length)
    else this.#looseText(text)
  }

  /** The names of an object; its values are to be written behind it, in the same order. */
  shape(names: readonly string[]): void {
    const known = this.#shapes.find(names)
    if (known >= 0) this.#shapeReference(known)
    else this.#newShape(names)
  }

  #shapeReference(place: number): void {
    if (place < SHAPE_REFS) this.byte(SHAPE_REF + place)
    else {
      this.byte(TAG.shape)
      this.uint(place)
    }
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
    const last = this.#shapes.findLast(members)
    if (last >= 0) this.#shapeReference(last)
    else this.shape(Object.keys(members))
    // In this loop V8 reads each by its place; it takes half as long as a list of names and one of values.
    for (const name in members) this.value(members[name])
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
  #newText(text: string, length: number): boolean {
    if (length === RULE_SET_DIGITS && isHex(text, length)) {
      this.#hex(TAG.hex, text, length)
      return true
    }
    if (length <= TEXT_SHORT_MAX && this.#shortAscii(text, length)) return true
    if (length <= LOOP_MAX && this.#shortUtf8(text, length)) return true
    if (!text.isWellFormed()) return false
    this.byte(TAG.text)
    this.#utf8(text)
    return true
  }

  /** One byte with its length and a text of ASCII; false, and nothing written, when there is more in it. */
  #shortAscii(text: string, length: number): boolean {
    if (this.#end + 1 + length > this.#space.length) this.#grow(1 + length)
    const space = this.#space
    const start = this.#end
    for (let index = 0; index < length; index += 1) {
      const unit = unitAt(text, index)
      if (unit > ASCII_LAST) return false
      space[start + 1 + index] = unit
    }
    space[start] = TEXT_SHORT + length
    this.#end = start + 1 + length
    return true
  }

  /** Tag, a length of one byte and a text of which no character needs two units; false, and nothing written, when one does. */
  #shortUtf8(text: string, length: number): boolean {
    if (this.#end + 2 + 3 * length > this.#space.length) this.#grow(2 + 3 * length)
    const space = this.#space
    const start = this.#end
    let at = start + 2
    for (let index = 0; index < length; index += 1) {
      const unit = unitAt(text, index)
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

  #hex(tag: number, text: string, length: number): void {
    const bytes = length / 2
    this.byte(tag)
    this.uint(bytes)
    if (this.#end + bytes > this.#space.length) this.#grow(bytes)
    this.#end += this.#space.write(text, this.#end, bytes, 'hex')
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

function isHex(text: string, length: number): boolean {
  if (length % 2 !== 0) return false
  for (let index = 0; index < length; index += 1) {
    const unit = unitAt(text, index)
    const isDigit = (unit >= 0x30 && unit <= 0x39) || (unit >= 0x61 && unit <= 0x66)
    if (!isDigit) return false
  }
  return true
}
