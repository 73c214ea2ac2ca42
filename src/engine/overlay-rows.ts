import { assert } from '../assert.ts'
import { applyRecord } from '../ledger/apply-record.ts'
import type { LedgerRecord } from '../ledger/record.ts'
import type { Rows, RowTable, RowTypes } from '../ledger/rows.ts'

type Change = RowTypes[RowTable] | undefined

/**
 * Rows as they are after records that are not committed yet, above the rows of `parent`. Nothing reaches the parent before
 * `mergeInto`; what is not merged never happened.
 */
export class OverlayRows implements Rows {
  #parent: Rows
  readonly #changes = new Map<RowTable, Map<string | number, Change>>()
  readonly records: LedgerRecord[] = []
  /** Bytes to be kept by their hash. */
  readonly content = new Map<string, Uint8Array>()

  constructor(parent: Rows) {
    this.#parent = parent
  }

  get<T extends RowTable>(table: T, key: string | number): RowTypes[T] | undefined {
    const changed = this.#changes.get(table)
    if (changed?.has(key) === true) return changed.get(key) as RowTypes[T] | undefined
    return this.#parent.get(table, key)
  }

  put<T extends RowTable>(table: T, key: string | number, row: RowTypes[T] | undefined): void {
    let changed = this.#changes.get(table)
    if (changed === undefined) {
      changed = new Map()
      this.#changes.set(table, changed)
    }
    changed.set(key, row)
  }

  /** Puts the overlay above `parent`, which has taken in what stood between them. */
  rebase(parent: Rows): void {
    this.#parent = parent
  }

  record(seq: number): LedgerRecord {
    const first = this.records[0]?.seq
    if (first !== undefined && seq >= first) {
      const found = this.records[seq - first]
      assert(found !== undefined, 'a record of this batch exists')
      return found
    }
    return this.#parent.record(seq)
  }

  /** Adds a record and what it changes. */
  append(record: LedgerRecord): void {
    this.records.push(record)
    applyRecord(this, record)
  }

  /** Bytes kept here or in the overlays below. */
  contentOf(hash: string): Uint8Array | undefined {
    const below = this.#parent instanceof OverlayRows ? this.#parent : undefined
    return this.content.get(hash) ?? below?.contentOf(hash)
  }

  /** Forgets everything. */
  drop(): void {
    this.#changes.clear()
    this.records.length = 0
    this.content.clear()
  }

  /** Keys of a table that were changed here or in the overlays below. */
  *keysOf(table: RowTable): Generator<string | number> {
    yield* this.#changes.get(table)?.keys() ?? []
    if (this.#parent instanceof OverlayRows) yield* this.#parent.keysOf(table)
  }

  *changes(): Generator<readonly [RowTable, string | number, Change]> {
    for (const [table, rows] of this.#changes) {
      for (const [key, row] of rows) yield [table, key, row]
    }
  }

  mergeInto(parent: OverlayRows): void {
    for (const [table, key, row] of this.changes()) parent.put(table, key, row)
    for (const record of this.records) parent.records.push(record)
    for (const [hash, bytes] of this.content) parent.content.set(hash, bytes)
  }
}
