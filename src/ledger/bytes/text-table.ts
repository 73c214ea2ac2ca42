import { unitAt } from '../../text-units.ts'

const SLOTS = 2 ** 15
const SLOT_MASK = SLOTS - 1
/** Slots that are looked at for one text: it costs the same whatever texts somebody chooses. */
const PROBES_MAX = 8
/** Half the slots. */
const TEXTS_MAX = 2 ** 14
const BASE_MAX = 2 ** 30

/**
 * Texts with their places. In place of a `Map`, whose hash goes over all of a text; that took a third of the time of writing a record.
 * What is found depends on nothing but the texts since the last `clear`.
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

  /** Place of a text that is not empty; −1: it is not there. */
  find(text: string, length: number): number {
    let slot = hashOf(text, length)
    for (let probe = 0; probe < PROBES_MAX; probe += 1) {
      const place = (this.#slots[slot] ?? 0) - this.#base - 1
      if (place < 0) {
        this.#free = slot
        return -1
      }
      if (this.#texts[place] === text) return place
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

/**
 * A few characters tell most texts of a bill apart: ids and codes count up at their ends. What finds no slot is written in full, so
 * the slots are part of what bytes a text becomes.
 */
function hashOf(text: string, length: number): number {
  let hash = length * 0x9e3b + unitAt(text, 0)
  hash = Math.imul(hash, 0x85eb) + unitAt(text, length >> 1)
  hash = Math.imul(hash, 0x85eb) + unitAt(text, length - 1)
  if (length > 3) {
    hash = Math.imul(hash, 0x85eb) + unitAt(text, length - 2)
    hash = Math.imul(hash, 0x85eb) + unitAt(text, length - 3)
    hash = Math.imul(hash, 0x85eb) + unitAt(text, length - 4)
  }
  hash = Math.imul(hash, 0x9e37_79b1)
  return (hash >>> 17) & SLOT_MASK
}
