import { assert } from '../assert.ts'
import { ENVELOPE, exactNumberText } from './canonical-body.ts'
import { isPlainObject } from './plain-facts.ts'
import { hasKeys } from './has-keys.ts'
import { isBlank } from './section.ts'

type Tree = Readonly<Record<string, unknown>>

/** Keys of an object as it was written, and in the order of the canonical form, each with the text before its member. */
interface KeyOrder {
  readonly written: readonly string[]
  readonly ascending: readonly string[]
  readonly heads: readonly Head[]
}

/** The bytes of `,"key":`, four in a number, the last ones filled up with others. */
interface Head {
  readonly length: number
  readonly words: Int32Array
}

/** The order of a longer list of keys is not kept, nor of more than so many lists. */
const KEPT_KEYS_MAX = 64
const KEPT_ORDERS_MAX = 256
/** Of one name: the lines of a bill are of a few kinds. */
const KINDS_MAX = 8
const NONE: readonly KeyOrder[] = []
/** Needs no escape, and is no index, which objects put before other keys whatever their order. */
const SIMPLE_KEY = /^[A-Za-z_][\w.:-]{0,63}$/

const FIRST_BYTES = 64 * 1024
/** Working space; a larger one is not kept. */
const KEPT_BYTES_MAX = 1024 * 1024

const [QUOTE, BACKSLASH, BRACE] = [0x22, 0x5c, 0x7b]

/**
 * One pass that makes a body's canonical tree and, beside it, the bytes that `JSON.stringify` and UTF-8 would make of that tree.
 * It gives up at whatever is seldom: a text with an escape, half a surrogate pair, a key that is no simple word.
 */
export class ContentWriter {
  private buffer = new Uint8Array(FIRST_BYTES)
  /** On the same bytes. */
  private view = new DataView(this.buffer.buffer)
  private length = 0
  /** The last orders by the name of the member: the lines of bills have the same keys. They say only how these keys are sorted. */
  private readonly orders = new Map<string, KeyOrder[]>()
  private kept = 0

  /** What is asked for in `body`, without the members of the envelope; undefined when the pass gave up. */
  write(prefix: string, body: unknown, depthMax: number): Tree | undefined {
    if (this.buffer.length > KEPT_BYTES_MAX) this.take(new Uint8Array(FIRST_BYTES))
    this.length = 0
    this.ascii(prefix)
    return isPlainObject(body) ? this.object(body, '', depthMax, ENVELOPE) : undefined
  }

  /** The prefix and the text of what was written last; holds until the next is. */
  bytes(): Uint8Array {
    return this.buffer.subarray(0, this.length)
  }

  /** `name`: of the member that `value` is or lies in. */
  private value(value: unknown, name: string, depth: number): unknown {
    if (depth < 0) return undefined
    if (typeof value === 'string') return this.text(value) ? value : undefined
    if (typeof value === 'object' && value !== null) {
      if (Array.isArray(value)) return this.list(value, name, depth)
      return isPlainObject(value) ? this.object(value, name, depth) : undefined
    }
    if (typeof value === 'boolean' || value === null) {
      this.ascii(String(value))
      return value
    }
    const text = typeof value === 'number' ? exactNumberText(value) : undefined
    return text !== undefined && this.text(text) ? text : undefined
  }

  private list(list: readonly unknown[], name: string, depth: number): unknown {
    if (list.length === 0) {
      this.ascii('[]')
      return []
    }
    // A copy to write over: most lists are short, and one that grows from nothing has room for many.
    const items: unknown[] = [...list]
    this.ascii('[')
    for (let index = 0; index < list.length; index += 1) {
      if (index > 0) this.ascii(',')
      const item = this.value(list[index], name, depth - 1)
      if (item === undefined) return undefined
      items[index] = item
    }
    this.ascii(']')
    return items
  }

  private object(
    object: Tree,
    name: string,
    depth: number,
    left?: ReadonlySet<string>,
  ): Tree | undefined {
    if (depth < 0) return undefined
    const order = this.orderOf(object, name)
    if (order === undefined) return undefined
    const members: Record<string, unknown> = {}
    this.ascii('{')
    const first = this.length
    const { ascending, heads } = order
    for (let index = 0; index < ascending.length; index += 1) {
      const key = ascending[index] ?? ''
      const member = object[key]
      if (isBlank(member)) continue
      const before = this.length
      this.head(heads[index], before === first)
      const canonical = this.value(member, key, depth - 1)
      if (canonical === undefined) return undefined
      // What is left out must be right all the same.
      if (left !== undefined && left.has(key)) this.length = before
      else members[key] = canonical
    }
    this.ascii('}')
    return members
  }

  private orderOf(object: Tree, name: string): KeyOrder | undefined {
    for (const order of this.orders.get(name) ?? NONE) {
      if (hasKeys(object, order.written)) return order
    }
    const written = Object.keys(object)
    for (const key of written) if (!SIMPLE_KEY.test(key) || key === '__proto__') return undefined
    const ascending = written.toSorted()
    const order = { written, ascending, heads: ascending.map(headOf) }
    if (written.length > KEPT_KEYS_MAX) return order
    this.keep(name, order)
    return order
  }

  private keep(name: string, order: KeyOrder): void {
    if (this.kept === KEPT_ORDERS_MAX) {
      this.orders.clear()
      this.kept = 0
    }
    this.kept += 1
    const kinds = this.orders.get(name)
    if (kinds !== undefined && kinds.length < KINDS_MAX) kinds.push(order)
    else this.orders.set(name, [order])
  }

  /** Four bytes at a time: byte by byte, keys took a third of the whole. */
  private head(head: Head | undefined, isFirst: boolean): void {
    assert(head !== undefined, 'every key has its head')
    const { length, words } = head
    this.reserve(4 * words.length)
    const { view } = this
    // The first has no comma before it, but the brace in its place.
    const from = isFirst ? this.length - 1 : this.length
    let at = from
    for (let index = 0; index < words.length; index += 1) {
      view.setInt32(at, words[index] ?? 0)
      at += 4
    }
    if (isFirst) this.buffer[from] = BRACE
    this.length = from + length
  }

  /** False for a text with an escape or half a surrogate pair. */
  private text(text: string): boolean {
    this.reserve(3 * text.length + 2)
    const { buffer } = this
    let at = this.length
    buffer[at++] = QUOTE
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index)
      if (code < 0x80) {
        if (code < 0x20 || code === QUOTE || code === BACKSLASH) return false
        buffer[at++] = code
      } else if (code < 0x800) {
        buffer[at++] = 0xc0 | (code >> 6)
        buffer[at++] = 0x80 | (code & 0x3f)
      } else if (code < 0xd800 || code > 0xdfff) {
        buffer[at++] = 0xe0 | (code >> 12)
        buffer[at++] = 0x80 | ((code >> 6) & 0x3f)
        buffer[at++] = 0x80 | (code & 0x3f)
      } else {
        index += 1
        const low = text.charCodeAt(index)
        if (code > 0xdbff || !(low >= 0xdc00 && low <= 0xdfff)) return false
        const point = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00)
        buffer[at++] = 0xf0 | (point >> 18)
        buffer[at++] = 0x80 | ((point >> 12) & 0x3f)
        buffer[at++] = 0x80 | ((point >> 6) & 0x3f)
        buffer[at++] = 0x80 | (point & 0x3f)
      }
    }
    buffer[at++] = QUOTE
    this.length = at
    return true
  }

  private ascii(text: string): void {
    this.reserve(text.length)
    for (let index = 0; index < text.length; index += 1) {
      this.buffer[this.length + index] = text.charCodeAt(index)
    }
    this.length += text.length
  }

  private reserve(more: number): void {
    const needed = this.length + more
    if (needed <= this.buffer.length) return
    const larger = new Uint8Array(Math.max(needed, 2 * this.buffer.length))
    larger.set(this.buffer.subarray(0, this.length))
    this.take(larger)
  }

  private take(buffer: Uint8Array<ArrayBuffer>): void {
    this.buffer = buffer
    this.view = new DataView(buffer.buffer)
  }
}

function headOf(key: string): Head {
  const bytes = Buffer.from(`,"${key}":`, 'latin1')
  const words = new Int32Array(Math.ceil(bytes.length / 4))
  const filled = Buffer.concat([bytes], 4 * words.length)
  for (let index = 0; index < words.length; index += 1) words[index] = filled.readInt32BE(4 * index)
  return { length: bytes.length, words }
}
