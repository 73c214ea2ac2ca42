const EMPTY = 0
const PLACES_FIRST = 1 << 10
const LOAD_MAX = 0.7

/**
 * A whole number from 1 to 2^32 − 1 for each of millions of texts, in 12 to 35 bytes a text: of a text only a hash of 64 bits is
 * kept. That two of ten million texts have the same hash, so that one of them is taken for the other, has a chance of 1 in
 * 370,000; the same texts always give the same answer.
 */
export class Seen {
  private places = PLACES_FIRST
  private high = new Uint32Array(PLACES_FIRST)
  private low = new Uint32Array(PLACES_FIRST)
  private numbers = new Uint32Array(PLACES_FIRST)
  private count = 0
  private hashHigh = 0
  private hashLow = 0

  /** 0: never set. */
  get(text: string): number {
    this.hash(text)
    return this.numbers[this.placeOf(this.hashHigh, this.hashLow)] ?? EMPTY
  }

  set(text: string, number: number): void {
    if (this.count > this.places * LOAD_MAX) this.grow()
    this.hash(text)
    if (this.put(this.hashHigh, this.hashLow, number)) this.count += 1
  }

  private put(high: number, low: number, number: number): boolean {
    const place = this.placeOf(high, low)
    const isNew = this.numbers[place] === EMPTY
    this.high[place] = high
    this.low[place] = low
    this.numbers[place] = number
    return isNew
  }

  /** Where the hash stands, or the free place where it would. */
  private placeOf(high: number, low: number): number {
    const mask = this.places - 1
    let place = low & mask
    while (this.numbers[place] !== EMPTY) {
      if (this.low[place] === low && this.high[place] === high) return place
      place = (place + 1) & mask
    }
    return place
  }

  private grow(): void {
    const { high, low, numbers } = this
    this.places *= 2
    this.high = new Uint32Array(this.places)
    this.low = new Uint32Array(this.places)
    this.numbers = new Uint32Array(this.places)
    for (const [place, number] of numbers.entries()) {
      if (number !== EMPTY) this.put(high[place] ?? 0, low[place] ?? 0, number)
    }
  }

  /** Two lanes that multiply and mix, each over every character (after cyrb53, with the 64 bits kept). */
  private hash(text: string): void {
    let [high, low] = [0xdeadbeef, 0x41c6ce57]
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index)
      high = Math.imul(high ^ unit, 0x9e3779b1)
      low = Math.imul(low ^ unit, 0x5f356495)
    }
    high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35)
    low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35)
    this.hashHigh = high >>> 0
    this.hashLow = low >>> 0
  }
}
