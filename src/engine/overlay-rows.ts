import { assert } from '../assert.ts'
import { applyRecord } from '../ledger/apply-record.ts'
import type { LedgerRecord } from '../ledger/record.ts'
import type { Rows, RowTable, RowTypes } from '../ledger/rows.ts'

type Row = RowTypes[RowTable]
type Change = Row | undefined

/** In place of a row that went: what a table does not have is a question to the parent. */
const GONE = Symbol('gone')

/**
 * Rows as they are after records that are not committed yet, above the rows of `parent`. Nothing reaches the parent before
 * `mergeInto`; what is not merged never happened.
 */
export class OverlayRows implements Rows {
  #parent: Rows
  readonly #changes = new Map<RowTable, Map<string | number, Row | typeof GONE>>()
  readonly records: LedgerRecord[] = []
  #content: Map<string, Uint8Array> | undefined

  constructor(parent: Rows) {
    this.#parent = parent
  }

  get<T extends RowTable>(table: T, key: string | number): RowTypes[T] | undefined {
    const row = this.#changes.get(table)?.get(key)
    if (row === undefined) return this.#parent.get(table, key)
    return row === GONE ? undefined : (row as RowTypes[T])
  }

  put<T extends RowTable>(table: T, key: string | number, row: RowTypes[T] | undefined): void {
    this.#changed(table).set(key, row === undefined ? GONE : row)
  }

  #changed(table: RowTable): Map<string | number, Row | typeof GONE> {
    let changed = this.#changes.get(table)
    if (changed === undefined) {
      changed = new Map()
      this.#changes.set(table, changed)
    }
    return changed
  }

  /** Bytes to be kept by their hash; hardly any turn has some. */
  get content(): Map<string, Uint8Array> {
    this.#content ??= new Map()
    return this.#content
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
    return this.#content?.get(hash) ?? below?.contentOf(hash)
  }

  /** Forgets everything. */
  drop(): void {
    this.#changes.clear()
    this.records.length = 0
    this.#content?.clear()
  }

  /** Keys of a table that were changed here or in the overlays below. */
  *keysOf(table: RowTable): Generator<string | number> {
    yield* this.#changes.get(table)?.keys() ?? []
    if (this.#parent instanceof OverlayRows) yield* this.#parent.keysOf(table)
  }

  *changes(): Generator<readonly [RowTable, string | number, Change]> {
    for (const [table, rows] of this.#changes) {
      for (const [key, row] of rows) yield [table, key, row === GONE ? undefined : row]
    }
  }

  /** Table by table, without a list made for each change: every request is merged. */
  mergeInto(parent: OverlayRows): void {
    for (const [table, rows] of this.#changes) {
      const above = parent.#changed(table)
      for (const [key, row] of rows) above.set(key, row)
    }
    for (const record of this.records) parent.records.push(record)
    if (this.#content === undefined) return
    for (const [hash, bytes] of this.#content) parent.content.set(hash, bytes)
  }
}
