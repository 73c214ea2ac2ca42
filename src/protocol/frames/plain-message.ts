import { MessageTexts } from './message-texts.ts'

/*
 * Nearly every message of a connection is made of maps with texts for keys, lists, texts in UTF-8, numbers, booleans and nil. Such
 * a message is read here at a fraction of what msgpackr takes: the keys of a map are known by their bytes, as those that came behind
 * the same key the last time, and text is found to be UTF-8 while it is read. At whatever is seldom (records, bytes, extensions, 64-bit numbers, text
 * that is no UTF-8, long keys and many that nobody has sent before, a message that is cut off or too long) this reader gives up and
 * msgpackr reads the message from its beginning.
 * So this file decides no refusal, and whatever it gives is what msgpackr gives: test/protocol/frames/plain-message.test.ts compares
 * the two.
 */

/** A key that maps have, with what came behind it the last time. */
interface Key {
  readonly text: string
  /** Its bytes and the token before them; fewer than `WORD` are none. */
  readonly length: number
  /** The same, `WORD` in a number; the last number begins so that it ends with the key. */
  readonly words: Int32Array
  /** The next key of its map. */
  next: Key | undefined
  /** The first key of a map that lies in its member. */
  inner: Key | undefined
}

/** More is left to msgpackr; the recursion of this reader is bounded. */
const DEPTH_MAX = 32
/** Keys that are kept, of so many bytes with the token before them; with the next one all are forgotten. */
const KEPT_KEYS_MAX = 1_024
const KEY_BYTES_MAX = 64
/** Keys in one message that were not kept: each takes longer than msgpackr takes for it. */
const NEW_KEYS_MAX = 256
const WORD = 4
/** What a list begins as, to be written over. */
const BLANKS: readonly unknown[] = Array.from({ length: 64 }, () => null)
const NO_BYTES = new Uint8Array(0)
const NO_VIEW = new DataView(NO_BYTES.buffer)

class PlainReader {
  private readonly texts = new MessageTexts()
  private readonly keys = new Map<string, Key>()
  /** Of the message as a whole. */
  private readonly top = keyOf('', NO_BYTES)
  private bytes: Uint8Array = NO_BYTES
  /** On the same bytes. */
  private view: DataView = NO_VIEW
  private at = 0
  private newKeys = 0

  /** Undefined when it gave up, which is no value of MessagePack. */
  read(bytes: Uint8Array): unknown {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    this.at = 0
    this.newKeys = 0
    this.texts.open(bytes, this.view)
    const value = this.value(this.top, DEPTH_MAX)
    const isWhole = this.at === bytes.length
    // They are the caller's.
    this.bytes = NO_BYTES
    this.view = NO_VIEW
    this.texts.open(NO_BYTES, NO_VIEW)
    return isWhole ? value : undefined
  }

  /** `owner`: the key of the member that the value is or lies in. */
  private value(owner: Key, depth: number): unknown {
    const token = this.bytes[this.at] ?? SELDOM
    this.at += 1
    if (token < 0x80) return token
    if (token < 0x90) return this.map(token & 0x0f, owner, depth)
    if (token < 0xa0) return this.list(token & 0x0f, owner, depth)
    if (token < 0xc0) return this.text(token & 0x1f)
    if (token >= 0xe0) return token - 0x100
    switch (token) {
      case 0xc0:
        return null
      case 0xc2:
        return false
      case 0xc3:
        return true
      case 0xd9:
        return this.text(this.unsigned(1))
      case 0xda:
        return this.text(this.unsigned(2))
      case 0xdc:
        return this.list(this.unsigned(2), owner, depth)
      case 0xde:
        return this.map(this.unsigned(2), owner, depth)
      default:
        return this.number(token)
    }
  }

  private number(token: number): number | undefined {
    switch (token) {
      case 0xcb:
        return this.doubleAt()
      case 0xcc:
        return this.unsigned(1)
      case 0xcd:
        return this.unsigned(2)
      case 0xce:
        return this.unsigned(4)
      case 0xd0:
        return (this.unsigned(1) << 24) >> 24
      case 0xd1:
        return (this.unsigned(2) << 16) >> 16
      case 0xd2:
        return this.unsigned(4) | 0
      default:
        return undefined
    }
  }

  /** Of bytes that are missing 0: the message is then shorter than what is read of it, and given up at its end. */
  private unsigned(bytes: 1 | 2 | 4): number {
    let number = 0
    for (const end = this.at + bytes; this.at < end; this.at += 1) {
      number = number * 0x100 + (this.bytes[this.at] ?? 0)
    }
    return number
  }

  private doubleAt(): number {
    const { at } = this
    this.at = at + 8
    return this.at > this.view.byteLength ? 0 : this.view.getFloat64(at)
  }

  private text(length: number): string | undefined {
    const from = this.at
    this.at += length
    return this.texts.text(from, length)
  }

  private list(length: number, owner: Key, depth: number): readonly unknown[] | undefined {
    if (length === 0) return []
    if (depth === 0) return undefined
    // One that grows from nothing takes room for seventeen at its first.
    const items = BLANKS.slice(0, length)
    for (let index = 0; index < length; index += 1) {
      const item = this.value(owner, depth - 1)
      if (item === undefined) return undefined
      items[index] = item
    }
    return items
  }

  private map(size: number, owner: Key, depth: number): object | undefined {
    if (depth === 0) return undefined
    const object: Record<string, unknown> = {}
    let before: Key | undefined
    for (let index = 0; index < size; index += 1) {
      const expected = before === undefined ? owner.inner : before.next
      let key = expected
      if (key === undefined || !this.isNext(key)) {
        key = this.otherKey()
        if (key === undefined) return undefined
        if (before === undefined) owner.inner = key
        else before.next = key
      }
      const member = this.value(key, depth - 1)
      if (member === undefined) return undefined
      object[key.text] = member
      before = key
    }
    return object
  }

  /** Whether the message goes on with `key`, and steps over it. */
  private isNext({ length, words }: Key): boolean {
    const { view, at } = this
    if (length < WORD || at + length > view.byteLength) return false
    const last = words.length - 1
    for (let index = 0; index < last; index += 1) {
      if (view.getInt32(at + WORD * index) !== words[index]) return false
    }
    if (view.getInt32(at + length - WORD) !== words[last]) return false
    this.at = at + length
    return true
  }

  private otherKey(): Key | undefined {
    const token = this.bytes[this.at] ?? SELDOM
    const isShort = token >= 0xa0 && token < 0xc0
    if (!isShort && token !== 0xd9) return undefined
    const head = this.at
    this.at += 1
    const length = isShort ? token & 0x1f : this.unsigned(1)
    const text = this.text(length)
    // msgpackr gives that name another one.
    if (text === undefined || text === '__proto__' || this.at - head > KEY_BYTES_MAX) {
      return undefined
    }
    return this.keys.get(text) ?? this.newKey(text, head)
  }

  /**
   * Every key that others lead to is among those that are counted: whoever sends messages cannot make this reader keep more. Undefined
   * when the message has too many.
   */
  private newKey(text: string, head: number): Key | undefined {
    this.newKeys += 1
    if (this.newKeys > NEW_KEYS_MAX) return undefined
    // The text as an object has it for a key: found at once when it becomes one again, and no part of a longer text.
    const [name = text] = Object.keys({ [text]: true })
    const key = keyOf(name, this.bytes.slice(head, this.at))
    if (this.keys.size >= KEPT_KEYS_MAX) this.forget()
    this.keys.set(name, key)
    return key
  }

  private forget(): void {
    this.keys.clear()
    this.top.inner = undefined
  }
}

function keyOf(text: string, bytes: Uint8Array): Key {
  const { length } = bytes
  const words = new Int32Array(Math.ceil(length / WORD))
  const view = new DataView(bytes.buffer, bytes.byteOffset, length)
  for (let index = 0; length >= WORD && index < words.length; index += 1) {
    words[index] = view.getInt32(Math.min(WORD * index, length - WORD))
  }
  return { text, length, words, next: undefined, inner: undefined }
}

/** No token of a plain message. */
const SELDOM = 0xc1

/** One for all messages, which are read one after the other: what it keeps is working space. */
const reader = new PlainReader()

/** The tree of a plain message; undefined when it is not plain, whether right or wrong. */
export function readPlainMessage(bytes: Uint8Array): unknown {
  return reader.read(bytes)
}
