const SLOTS_FIRST = 1024
const LOAD_MAX = 0.7

/**
 * A set of texts that keeps 63 bits of each: 8 to 23 bytes a text, whatever its length. Of ten million texts the chance that any
 * two are taken for one is about 5 in a million.
 */
export class KeySet {
  #slots = new Uint32Array(2 * SLOTS_FIRST)
  #size = 0

  get size(): number {
    return this.#size
  }

  has(text: string): boolean {
    const [high, low] = hashOf(text)
    return this.#find(high, low) < 0
  }

  add(text: string): void {
    const [high, low] = hashOf(text)
    const slot = this.#find(high, low)
    if (slot < 0) return
    this.#slots[slot] = high
    this.#slots[slot + 1] = low
    this.#size += 1
    if (this.#size > (this.#slots.length / 2) * LOAD_MAX) this.#grow()
  }

  /** Where it would go; −1 when it is there. */
  #find(high: number, low: number): number {
    const slots = this.#slots
    const mask = slots.length / 2 - 1
    for (let index = low & mask; ; index = (index + 1) & mask) {
      const at = index * 2
      if (slots[at] === 0 && slots[at + 1] === 0) return at
      if (slots[at] === high && slots[at + 1] === low) return -1
    }
  }

  #grow(): void {
    const before = this.#slots
    this.#slots = new Uint32Array(before.length * 2)
    for (let at = 0; at < before.length; at += 2) {
      const [high = 0, low = 0] = [before[at], before[at + 1]]
      if (high === 0 && low === 0) continue
      const slot = this.#find(high, low)
      this.#slots[slot] = high
      this.#slots[slot + 1] = low
    }
  }
}

/** Two independent 32-bit hashes, mixed at the end; never both zero. */
function hashOf(text: string): readonly [number, number] {
  let high = 0x811c9dc5
  let low = 0x9747b28c
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    high = Math.imul(high ^ unit, 0x01000193)
    low = Math.imul(low ^ unit, 0x5bd1e995)
    low ^= low >>> 15
  }
  return [mixed(high), (mixed(low ^ text.length) | 1) >>> 0]
}

function mixed(hash: number): number {
  let value = hash
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}
