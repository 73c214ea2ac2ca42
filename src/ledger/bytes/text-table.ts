const SLOTS = 2 ** 15
const SLOT_MASK = SLOTS - 1
/** Slots that are looked at for one text: it costs the same whatever texts somebody chooses. */
const PROBES_MAX = 8
/** Half the slots. */
const TEXTS_MAX = 2 ** 14
const BASE_MAX = 2 ** 30

/**
 * Texts with their places, looked up by part of another text. In place of a `Map`, which wants a text of its own for each look-up and
 * its hash over all of it; that took a third of the time of writing a record. What is found depends on nothing but the texts since
 * the last `clear`.
 */
export class TextTable {
  readonly #texts: string[] = []
  /** Base + place + 1 of the text; up to the base: free. */
  readonly #slots = new Int32Array(SLOTS)
  #base = 0
  /** Free slot that the last look-up came to, or −1. */
  #free = -1

  clear(): void {
    this.#base += this.#texts.length
    this.#texts.length = 0
    this.#free = -1
    if (this.#base < BASE_MAX) return
    this.#slots.fill(0)
    this.#base = 0
  }

  /** Place of the part of `text` between `from` and `to`; −1: it is not there. */
  find(text: string, from: number, to: number): number {
    let slot = hashOf(text, from, to)
    for (let probe = 0; probe < PROBES_MAX; probe += 1) {
      const place = (this.#slots[slot] ?? 0) - this.#base - 1
      if (place < 0) {
        this.#free = slot
        return -1
      }
      if (isPart(this.#texts[place] ?? '', text, from, to)) return place
      slot = (slot + 1) & SLOT_MASK
    }
    this.#free = -1
    return -1
  }

  /** Whether there is room for the text that was looked for last. */
  get hasRoom(): boolean {
    return this.#free >= 0 && this.#texts.length < TEXTS_MAX
  }

  /** Adds what was looked for last and not found; its place. */
  add(text: string): number {
    const place = this.#texts.push(text) - 1
    this.#slots[this.#free] = this.#base + place + 1
    this.#free = -1
    return place
  }
}

/** A few characters tell most texts of a bill apart: ids and codes count up at their ends. */
function hashOf(text: string, from: number, to: number): number {
  const length = to - from
  let hash = length * 0x9e3b + text.charCodeAt(from)
  hash = Math.imul(hash, 0x85eb) + text.charCodeAt(from + (length >> 1))
  hash = Math.imul(hash, 0x85eb) + text.charCodeAt(to - 1)
  if (length > 3) {
    hash = Math.imul(hash, 0x85eb) + text.charCodeAt(to - 2)
    hash = Math.imul(hash, 0x85eb) + text.charCodeAt(to - 3)
    hash = Math.imul(hash, 0x85eb) + text.charCodeAt(to - 4)
  }
  hash = Math.imul(hash, 0x9e37_79b1)
  return (hash >>> 17) & SLOT_MASK
}

function isPart(part: string, text: string, from: number, to: number): boolean {
  const { length } = part
  if (length !== to - from) return false
  if (length === text.length) return part === text
  for (let index = 0; index < length; index += 1) {
    if (part.charCodeAt(index) !== text.charCodeAt(from + index)) return false
  }
  return true
}
