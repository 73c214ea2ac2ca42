import { TABLES, type Table } from '../engine/ports.ts'

/** Of one table: how many rows there are and the sum of their CRCs. */
export interface TableSum {
  readonly rows: number
  /** Modulo 2^48. */
  readonly sum: number
}

const MODULUS = 2 ** 48
const BYTES_EACH = 16

/** Rows and sums of every table, in two flat lists: they change with every put. */
export class Sums {
  readonly #rows: Float64Array
  readonly #sums: Float64Array

  private constructor(rows: Float64Array, sums: Float64Array) {
    this.#rows = rows
    this.#sums = sums
  }

  /** Of empty tables. */
  static empty(): Sums {
    return new Sums(new Float64Array(TABLES.length), new Float64Array(TABLES.length))
  }

  /** As `write` wrote them; undefined when that cannot be. */
  static read(bytes: Uint8Array): Sums | undefined {
    if (bytes.length !== Sums.bytes) return undefined
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    const sums = Sums.empty()
    for (let index = 0; index < TABLES.length; index += 1) {
      sums.#rows[index] = view.getFloat64(index * BYTES_EACH)
      sums.#sums[index] = view.getFloat64(index * BYTES_EACH + 8)
    }
    return sums
  }

  static readonly bytes = TABLES.length * BYTES_EACH

  /** Into the first `Sums.bytes` of `target` from `offset`. */
  write(target: Uint8Array, offset: number): void {
    const view = new DataView(target.buffer, target.byteOffset + offset, Sums.bytes)
    for (let index = 0; index < TABLES.length; index += 1) {
      view.setFloat64(index * BYTES_EACH, this.#rows[index] ?? 0)
      view.setFloat64(index * BYTES_EACH + 8, this.#sums[index] ?? 0)
    }
  }

  copy(): Sums {
    return new Sums(this.#rows.slice(), this.#sums.slice())
  }

  /** A row with `crc` comes. */
  add(table: number, crc: number): void {
    this.#rows[table] = (this.#rows[table] ?? 0) + 1
    this.#sums[table] = ((this.#sums[table] ?? 0) + crc) % MODULUS
  }

  /** A row with `crc` goes. */
  take(table: number, crc: number): void {
    this.#rows[table] = (this.#rows[table] ?? 0) - 1
    this.#sums[table] = ((this.#sums[table] ?? 0) - crc + MODULUS) % MODULUS
  }

  equals(other: Sums): boolean {
    return TABLES.every((table) => {
      const [own, its] = [this.of(table), other.of(table)]
      return own.rows === its.rows && own.sum === its.sum
    })
  }

  of(table: Table): TableSum {
    const index = TABLES.indexOf(table)
    return { rows: this.#rows[index] ?? 0, sum: this.#sums[index] ?? 0 }
  }
}
