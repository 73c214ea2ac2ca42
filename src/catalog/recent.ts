/**
 * The last value made for each residue of its number: a bounded memory of pure work, so what a caller sees does not
 * depend on it. `places` is a power of two.
 */
export class Recent<T> {
  private readonly numbers: Int32Array
  private readonly values: (T | undefined)[]
  private readonly make: (number: number) => T

  constructor(places: number, make: (number: number) => T) {
    this.numbers = new Int32Array(places).fill(-1)
    this.values = Array.from({ length: places }, () => undefined)
    this.make = make
  }

  /** `number` ≥ 0. */
  get(number: number): T {
    const place = number & (this.numbers.length - 1)
    const kept = this.numbers[place] === number ? this.values[place] : undefined
    if (kept !== undefined) return kept
    const value = this.make(number)
    this.numbers[place] = number
    this.values[place] = value
    return value
  }
}
