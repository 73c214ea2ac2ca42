import { assert } from '../../assert.ts'
import { KNOWN_NAMES_MAX, knownNames, knownText } from './known-texts.ts'
import { numberText } from './number-text.ts'
import {
  SHAPE_REF,
  SHAPE_REFS,
  SHAPES_MAX,
  SMALL_MAX,
  TAG,
  TEXT_REF,
  TEXT_REF_FAR,
  TEXT_REFS,
  TEXT_SHORT,
  TEXT_SHORT_MAX,
} from './tags.ts'

const SEVEN_BITS = 0x7f
const MORE = 0x80
const SIX_BITS = 0x40
/** A number of eight bytes has 56 bits; safe ones have 53. */
const UINT_BYTES_MAX = 8
const ASCII_LOOP_MAX = 12
/** The one name that assigning would not make a member. */
const PROTOTYPE = '__proto__'

/** Working space: the names of the object that is being read. */
const NAMES: string[] = []

/**
 * Reads what a `ByteWriter` wrote in one context, in the same order; with a `dictionary`, which has been taken in, what was written with
 * it. Throws on anything else and never reads beyond the end.
 */
export class ByteReader {
  readonly #bytes: Buffer
  #at = 0
  readonly #texts: string[]
  readonly #shapes: (readonly string[])[]

  constructor(bytes: Uint8Array, dictionary?: ByteReader) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#texts = dictionary === undefined ? [] : dictionary.#texts
    this.#shapes = dictionary === undefined ? [] : dictionary.#shapes
  }

  /** Reads a dictionary to its end, for the readers of what was written with it. */
  takeIn(): this {
    while (this.left > 0) {
      if (this.#bytes[this.#at] === TAG.newShape) this.shape()
      else this.text()
    }
    return this
  }

  /** Whether `tag` comes next; then it is read. */
  isNext(tag: number): boolean {
    const isNext = this.#bytes[this.#at] === tag
    if (isNext) this.#at += 1
    return isNext
  }

  /** Bytes not read yet. */
  get left(): number {
    return this.#bytes.length - this.#at
  }

  byte(): number {
    const byte = this.#bytes[this.#at]
    assert(byte !== undefined, 'bytes end after a whole value')
    this.#at += 1
    return byte
  }

  uint(): number {
    let byte = this.byte()
    let value = byte & SEVEN_BITS
    let scale = MORE
    for (let count = 1; byte >= MORE; count += 1) {
      assert(count < UINT_BYTES_MAX, 'a number has at most eight bytes')
      byte = this.byte()
      value += (byte & SEVEN_BITS) * scale
      scale *= MORE
    }
    assert(value <= Number.MAX_SAFE_INTEGER, 'a number is in the exact range')
    return value
  }

  int(): number {
    const first = this.byte()
    const low = (first & SEVEN_BITS) >> 1
    const magnitude = first < MORE ? low : this.uint() * SIX_BITS + low
    assert(magnitude <= Number.MAX_SAFE_INTEGER, 'a number is in the exact range')
    return first % 2 === 0 ? magnitude : 0 - magnitude
  }

  /** How many of something follow, each of at least one byte. */
  count(): number {
    const count = this.uint()
    assert(count <= this.left, 'a list ends before the bytes do')
    return count
  }

  /** A text where no other value can be. */
  text(): string {
    const value = this.value()
    assert(typeof value === 'string', 'a text is here')
    return value
  }

  value(): unknown {
    const tag = this.byte()
    if (tag <= SMALL_MAX) return tag
    if (tag < TEXT_REF_FAR) return this.#textAt(tag - TEXT_REF)
    if (tag < TAG.null) return this.#textAt(TEXT_REFS + ((tag - TEXT_REF_FAR) << 8) + this.byte())
    if (tag >= TEXT_SHORT && tag <= TEXT_SHORT + TEXT_SHORT_MAX) {
      return tag === TEXT_SHORT ? '' : this.#shared(this.#utf8(tag - TEXT_SHORT))
    }
    if (tag >= SHAPE_REF && tag < SHAPE_REF + SHAPE_REFS) {
      return this.#members(this.#shapeAt(tag - SHAPE_REF))
    }
    return this.#tagged(tag)
  }

  /** The names of an object whose values follow. */
  shape(): readonly string[] {
    const tag = this.byte()
    if (tag >= SHAPE_REF && tag < SHAPE_REF + SHAPE_REFS) return this.#shapeAt(tag - SHAPE_REF)
    const names = this.#shapeTagged(tag)
    assert(names !== undefined, 'an object is here')
    return names
  }

  bytes(): Buffer {
    const end = this.count() + this.#at
    const bytes = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return bytes
  }

  #tagged(tag: number): unknown {
    switch (tag) {
      case TAG.null:
        return null
      case TAG.undefined:
        return undefined
      case TAG.true:
        return true
      case TAG.false:
        return false
      case TAG.whole:
        return this.uint()
      case TAG.negative:
        return -1 - this.uint()
      case TAG.double:
        return this.#double()
      case TAG.list:
        return this.#list()
      case TAG.map:
        return this.#map()
      case TAG.bytes:
        return new Uint8Array(this.bytes())
      default: {
        const names = this.#shapeTagged(tag)
        return names === undefined ? this.#textTagged(tag) : this.#members(names)
      }
    }
  }

  #textTagged(tag: number): string {
    switch (tag) {
      case TAG.text:
        return this.#shared(this.#utf8(this.count()))
      case TAG.looseText:
        return this.#utf8(this.count())
      case TAG.brokenText:
        return this.bytes().toString('utf16le')
      case TAG.hex:
        return this.#shared(this.bytes().toString('hex'))
      case TAG.looseHex:
        return this.bytes().toString('hex')
      case TAG.wholeText:
        return String(this.uint())
      case TAG.yuanText:
        return numberText(this.uint(), 2)
      case TAG.negativeYuanText:
        return `-${numberText(this.uint(), 2)}`
      case TAG.decimalText: {
        const places = this.byte()
        return numberText(this.uint(), places)
      }
      default:
        assert(false, 'a value begins with a known byte')
    }
  }

  #shapeTagged(tag: number): readonly string[] | undefined {
    if (tag === TAG.shape) return this.#shapeAt(this.uint())
    if (tag !== TAG.newShape && tag !== TAG.looseShape) return undefined
    const count = this.count()
    const read = count > KNOWN_NAMES_MAX ? [] : NAMES
    for (let index = 0; index < count; index += 1) read[index] = this.name()
    const names = knownNames(read, count)
    if (tag === TAG.newShape) this.#shapes.push(names)
    assert(this.#shapes.length <= SHAPES_MAX, 'so many shapes are kept')
    return names
  }

  /** As `text`, of those that come in many rows: other texts seldom come again, and are not looked up. */
  name(): string {
    const tag = this.#bytes[this.#at] ?? 0
    const start = this.#at + 1
    const end = start + tag - TEXT_SHORT
    const isShort = tag > TEXT_SHORT && tag <= TEXT_SHORT + TEXT_SHORT_MAX
    const known =
      isShort && end <= this.#bytes.length ? knownText(this.#bytes, start, end) : undefined
    if (known === undefined) return this.text()
    this.#at = end
    return this.#shared(known)
  }

  #shapeAt(place: number): readonly string[] {
    const names = this.#shapes[place]
    assert(names !== undefined, 'a shape came before it is referred to')
    return names
  }

  #members(names: readonly string[]): unknown {
    const members: Record<string, unknown> = {}
    for (let index = 0; index < names.length; index += 1) {
      setMember(members, names[index] ?? '', this.value())
    }
    return members
  }

  #list(): unknown {
    const count = this.count()
    // Most lists have one entry; a list that grows from nothing has room for many.
    if (count === 1) return [this.value()]
    const list: unknown[] = []
    for (let left = count; left > 0; left -= 1) list.push(this.value())
    return list
  }

  #map(): unknown {
    const map = new Map<unknown, unknown>()
    for (let left = this.count(); left > 0; left -= 1) {
      const key = this.value()
      map.set(key, this.value())
    }
    return map
  }

  #double(): number {
    assert(this.left >= 8, 'bytes end after a whole value')
    const value = this.#bytes.readDoubleBE(this.#at)
    this.#at += 8
    return value
  }

  #textAt(place: number): string {
    const text = this.#texts[place]
    assert(text !== undefined, 'a text came before it is referred to')
    return text
  }

  #shared(text: string): string {
    this.#texts.push(text)
    return text
  }

  #utf8(length: number): string {
    const start = this.#at
    const end = start + length
    const bytes = this.#bytes
    assert(end <= bytes.length, 'bytes end after a whole value')
    this.#at = end
    // A call into native code takes longer than a short loop.
    if (length > ASCII_LOOP_MAX) return bytes.toString('utf8', start, end)
    let text = ''
    for (let index = start; index < end; index += 1) {
      const byte = bytes[index] ?? 0
      if (byte >= MORE) return bytes.toString('utf8', start, end)
      text += String.fromCharCode(byte)
    }
    return text
  }
}

/** Adds a member of its own, whatever its name. */
export function setMember(members: Record<string, unknown>, name: string, value: unknown): void {
  if (name === PROTOTYPE) {
    const own = { value, writable: true, enumerable: true, configurable: true }
    Object.defineProperty(members, name, own)
  } else members[name] = value
}
