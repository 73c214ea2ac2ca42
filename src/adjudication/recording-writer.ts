import { assert } from '../assert.ts'
import { lengthOf, unitAt } from '../text-units.ts'
import type { CounterKey } from './counter-key.ts'

/** Before a number that takes more than one word: its high and its low half follow. */
const WIDE = -0x8000_0000
/** Texts whose words are kept: hashes of packs. */
const KNOWN_MAX = 512
const WORD = 0x1_0000_0000
/** Between the parts of a counter's key. */
const BAR = 0x7c

/**
 * Writes a recording as words of 32 bits: every number one word, or three where it does not fit, a text as its length and its
 * UTF-16 units two a word. So two recordings are the same words only where every number and every text is the same. Words
 * are little-endian, as on every machine Node runs on.
 */
export class RecordingWriter {
  /** Kept for the next recording, which writes it anew; without it each would allocate several times what it needs. */
  #room = new Int32Array(8_192)
  #length = 0
  readonly #known = new Map<string, Int32Array>()

  /** Starts anew. */
  clear(): void {
    this.#length = 0
  }

  put(number: number): void {
    this.#reserve(3)
    this.#write(number)
  }

  put5(first: number, second: number, third: number, fourth: number, fifth: number): void {
    this.#reserve(15)
    this.#write(first)
    this.#write(second)
    this.#write(third)
    this.#write(fourth)
    this.#write(fifth)
  }

  list(numbers: ArrayLike<number>): void {
    this.#reserve(3 * (1 + numbers.length))
    this.#write(numbers.length)
    for (let index = 0; index < numbers.length; index += 1) this.#write(numbers[index] ?? 0)
  }

  /** The numbers from `from` to before `end`, whose count is told by what stands before. */
  amounts(numbers: Float64Array, from: number, end: number): void {
    this.#reserve(3 * (end - from))
    for (let index = from; index < end; index += 1) this.#write(numbers[index] ?? 0)
  }

  /** As `text`, of texts that come again and again. */
  known(text: string): void {
    let words = this.#known.get(text)
    if (words === undefined) {
      const begin = this.#length
      this.text(text)
      words = this.#room.slice(begin, this.#length)
      if (this.#known.size >= KNOWN_MAX) this.#known.clear()
      this.#known.set(text, words)
      return
    }
    this.#reserve(words.length)
    this.#room.set(words, this.#length)
    this.#length += words.length
  }

  text(text: string): void {
    const length = lengthOf(text)
    this.#reserve(3 + length)
    this.#write(length)
    const room = this.#room
    let at = this.#length
    for (let index = 0; index < length; index += 2) {
      const next = index + 1 < length ? unitAt(text, index + 1) : 0
      room[at] = unitAt(text, index) | (next << 16)
      at += 1
    }
    this.#length = at
  }

  /** The canonical key of a counter, as `text`. */
  counter({ owner, id, rest }: CounterKey): void {
    const length = lengthOf(owner) + lengthOf(id) + lengthOf(rest) + 2
    this.#reserve(3 + length)
    this.#write(length)
    const start = 2 * this.#length
    let at = this.#units(owner, start)
    at = this.#units(id, this.#unit(BAR, at))
    this.#units(rest, this.#unit(BAR, at))
    this.#length = (start + length + 1) >> 1
  }

  /** Writes units from place `at` on, two places a word; gives the place behind them. */
  #units(text: string, at: number): number {
    const length = lengthOf(text)
    for (let index = 0; index < length; index += 1) this.#unit(unitAt(text, index), at + index)
    return at + length
  }

  #unit(unit: number, at: number): number {
    const word = at >> 1
    this.#room[word] = at % 2 === 0 ? unit : (this.#room[word] ?? 0) | (unit << 16)
    return at + 1
  }

  /** What was written; good until the next `clear`. */
  bytes(): Uint8Array {
    return new Uint8Array(this.#room.buffer, 0, this.#length * Int32Array.BYTES_PER_ELEMENT)
  }

  /** Room for it has been made. */
  #write(number: number): void {
    const word = number | 0
    if (word === number && word !== WIDE) {
      this.#room[this.#length] = word
      this.#length += 1
      return
    }
    assert(Number.isSafeInteger(number), 'a recording holds safe integers')
    this.#room[this.#length] = WIDE
    this.#room[this.#length + 1] = Math.floor(number / WORD)
    this.#room[this.#length + 2] = number | 0
    this.#length += 3
  }

  #reserve(words: number): void {
    if (this.#length + words <= this.#room.length) return
    const wider = new Int32Array(2 * (this.#length + words))
    wider.set(this.#room)
    this.#room = wider
  }
}
