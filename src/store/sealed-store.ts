import { assert } from '../assert.ts'
import {
  TABLES,
  type Key,
  type KeyRange,
  type Put,
  type Row,
  type Store,
  type Table,
} from '../engine/ports.ts'
import { problem } from '../errors/problem.ts'
import { requireKey } from './keys.ts'
import type { RowPut, RowStore } from './row-store.ts'
import { SEAL_BYTES, damaged, openSeal, sealIn, sealOf, writeSeal } from './seal.ts'
import { StoreFailed } from '../engine/store-failed.ts'
import { Sums } from './sums.ts'

/** Kept from one commit to the next when not larger. */
const KEPT_SPACE_MAX = 2 ** 22

/** Key of the sums in table `seal`. */
export const SUMS_KEY = 'sums'

const TABLE_INDEX = Object.fromEntries(TABLES.map((table, index) => [table, index])) as Readonly<
  Record<Table, number>
>

/**
 * A store that seals its rows: each value carries a CRC of table, key and value, and every commit writes how many rows a table
 * has and the sum of their CRCs. A damaged row is refused when it is read; a lost or an extra one is found by `checkStore`.
 */
export class SealedStore implements Store {
  readonly rows: RowStore
  /** As of the last commit. */
  #sums: Sums
  readonly #highestKeys = new Map<Table, number>()
  #space = Buffer.alloc(0)
  #committing: Promise<void> | undefined
  #open = true

  constructor(rows: RowStore, sums: Sums) {
    this.rows = rows
    this.#sums = sums
  }

  /** Rows and sums that every table should have. */
  get sums(): Sums {
    return this.#sums
  }

  get(table: Table, key: Key): Uint8Array | undefined {
    this.#requireOpen()
    requireKey(table, key)
    const sealed = this.rows.get(table, key)
    return sealed === undefined ? undefined : openSeal(table, key, sealed)
  }

  *range(table: Table, range: KeyRange = {}): Iterable<Row> {
    this.#requireOpen()
    for (const { key, value } of this.rows.range(table, range)) {
      yield { key, value: openSeal(table, key, value) }
      this.#requireOpen()
    }
  }

  count(table: Table): number {
    this.#requireOpen()
    return this.rows.count(table)
  }

  async commit(puts: readonly Put[]): Promise<void> {
    this.#requireOpen()
    assert(this.#committing === undefined, 'one commit at a time')
    for (const { table, key } of puts) requireKey(table, key, true)
    const sums = this.#sums.copy()
    const sealed = this.#seal(puts, sums)
    this.#committing = this.rows.commit(sealed)
    try {
      await this.#committing
      this.#sums = sums
      this.#raiseHighest(puts)
    } finally {
      this.#committing = undefined
    }
  }

  async backup(path: string): Promise<void> {
    this.#requireOpen()
    await this.rows.backup(path)
  }

  async close(): Promise<void> {
    if (!this.#open) return
    await this.#committing?.catch(() => undefined)
    // Of LMDB's two meta pages the older one is a transaction behind: damage to the newer would silently bring that back.
    await this.commit([]).catch(() => undefined)
    this.#open = false
    await this.rows.close()
  }

  /** The rows to be written, the sums among them, in space that the next commit uses again; changes `sums`. */
  #seal(puts: readonly Put[], sums: Sums): readonly RowPut[] {
    const space = this.#reserve(puts)
    const sealed: RowPut[] = []
    const crcs: (number | undefined)[] = []
    const placed: (Map<Key, number> | undefined)[] = []
    let used = 0
    for (const { table, key, value } of puts) {
      const index = TABLE_INDEX[table]
      const places = (placed[index] ??= new Map<Key, number>())
      const earlier = places.get(key)
      const before = earlier === undefined ? this.#crcNow(table, key) : crcs[earlier]
      if (before !== undefined) sums.take(index, before)
      const position = earlier ?? sealed.length
      places.set(key, position)
      const start = used
      if (value === undefined) {
        crcs[position] = undefined
      } else {
        const crc = sealOf(table, key, value)
        sums.add(index, crc)
        crcs[position] = crc
        used = writeSeal(space, start, value, crc)
      }
      const bytes = value === undefined ? undefined : space.subarray(start, used)
      sealed[position] = { table, key, value: bytes }
    }
    sealed.push(this.#sumsRow(space, used, sums))
    return sealed
  }

  #sumsRow(space: Buffer, start: number, sums: Sums): RowPut {
    sums.write(space, start)
    const bytes = space.subarray(start, start + Sums.bytes)
    const end = writeSeal(space, start, bytes, sealOf('seal', SUMS_KEY, bytes))
    return { table: 'seal', key: SUMS_KEY, value: space.subarray(start, end) }
  }

  #reserve(puts: readonly Put[]): Buffer {
    let needed = Sums.bytes + SEAL_BYTES
    for (const { value } of puts) needed += value === undefined ? 0 : value.length + SEAL_BYTES
    if (needed <= this.#space.length) return this.#space
    const space = Buffer.allocUnsafeSlow(needed)
    if (needed <= KEPT_SPACE_MAX) this.#space = space
    return space
  }

  /** CRC of the row as it is now; undefined when there is none. */
  #crcNow(table: Table, key: Key): number | undefined {
    if (typeof key === 'number' && key > this.#highest(table)) return undefined
    const sealed = this.rows.peek(table, key)
    if (sealed === undefined) return undefined
    const crc = sealIn(sealed)
    if (crc === undefined) throw damaged(table, key, 'too short')
    return crc
  }

  /** Nothing need be looked for above it: blocks are always added at the end. Below zero when there was never a row. */
  #highest(table: Table): number {
    const known = this.#highestKeys.get(table)
    if (known !== undefined) return known
    const [last] = this.rows.range(table, { reverse: true, limit: 1 })
    const highest = last === undefined ? -1 : Number(last.key)
    this.#highestKeys.set(table, highest)
    return highest
  }

  #raiseHighest(puts: readonly Put[]): void {
    for (const { table, key } of puts) {
      if (typeof key === 'number' && key > this.#highest(table)) this.#highestKeys.set(table, key)
    }
  }

  #requireOpen(): void {
    if (this.#open) return
    throw new StoreFailed(problem('STORE_CLOSED', '', { directory: this.rows.place }))
  }
}
