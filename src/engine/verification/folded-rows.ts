import { assert } from '../../assert.ts'
import type { LedgerRecord } from '../../ledger/record.ts'
import { ByteWriter } from '../../ledger/bytes/byte-writer.ts'
import { decodeRow, writeRow } from '../../ledger/row-codec.ts'
import { requestRowKey, type Rows, type RowTable, type RowTypes } from '../../ledger/rows.ts'
import type { OverlayRows } from '../overlay-rows.ts'
import type { Key, Store } from '../ports.ts'
import { StoreFailed } from '../store-failed.ts'
import { StoreRows, TABLE_OF } from '../store-rows.ts'
import { KeySet } from './key-set.ts'

type AnyRow = RowTypes[RowTable] | undefined

interface HotRow {
  readonly table: RowTable
  readonly key: Key
  readonly row: AnyRow
}

/** A row that the journal gives and the store has otherwise; undefined: no row. */
export interface RowDifference {
  readonly table: RowTable
  readonly key: Key
  readonly folded: Uint8Array | undefined
  readonly stored: Uint8Array | undefined
}

/** Few enough that most of them are gone before the collector has moved them twice: with 20,000 it took a tenth more time and twice the memory. */
const HOT_MAX = 1_000
const GONE = ''
const BETWEEN = '\u0001'

/**
 * The rows as the journal gives them, beginning with none. Rows worked on lately are kept decoded. The others are kept as their bytes,
 * and only as long as they are not what the store has for good: of a row that is, 64 bits are kept, and it is read from the store
 * again when it is needed. So what stays in memory are the rows that later records will still change, and the differences.
 */
export class FoldedRows implements Rows {
  readonly #store: Store
  readonly #committed: StoreRows
  readonly #hot = new Map<string, HotRow>()
  /** Bytes as Latin-1 text, which V8 keeps in one small object. */
  readonly #kept = new Map<string, string>()
  readonly #equal = new KeySet()
  readonly #writer = new ByteWriter()
  #requests = 0
  /** No record beyond it exists yet. */
  #seq = 0

  constructor(store: Store) {
    this.#store = store
    this.#committed = new StoreRows(store)
  }

  get<T extends RowTable>(table: T, key: Key): RowTypes[T] | undefined {
    const name = nameOf(table, key)
    const hot = this.#hot.get(name)
    if (hot !== undefined) return hot.row as RowTypes[T] | undefined
    const kept = this.#kept.get(name)
    if (kept !== undefined) {
      return kept === GONE ? undefined : decodeRow(table, Buffer.from(kept, 'latin1'))
    }
    if (table === 'request' || !this.#equal.has(name)) return undefined
    return this.#committed.get(table, key)
  }

  put<T extends RowTable>(table: T, key: Key, row: RowTypes[T] | undefined): void {
    this.#hot.set(nameOf(table, key), { table, key, row })
    if (this.#hot.size >= HOT_MAX) this.#compare()
  }

  record(seq: number): LedgerRecord {
    assert(seq > 0 && seq <= this.#seq, 'a record names earlier ones only')
    return this.#committed.record(seq)
  }

  /** The record `seq`, whose changes are in `overlay`, has been dealt with. */
  take(seq: number, overlay: OverlayRows): void {
    for (const [table, key, row] of overlay.changes()) this.put(table, key, row)
    this.#seq = seq
  }

  /** Rows that differ between journal and store, in both directions. */
  *differences(): Generator<RowDifference> {
    this.#compare()
    let requests = this.#requests
    for (const [name, packed] of this.#kept) {
      const { table, key } = placeOf(name)
      const stored = this.#stored(table, key)
      if (table === 'request' && stored !== undefined) requests += 1
      const folded = packed === GONE ? undefined : Buffer.from(packed, 'latin1')
      yield { table, key, folded, stored }
    }
    for (const table of Object.keys(TABLE_OF) as RowTable[]) {
      // A request is never answered anew, so their number tells whether there is one too many.
      if (table === 'request' && this.#store.count('request') === requests) continue
      yield* this.#extraRows(table)
    }
  }

  *#extraRows(table: RowTable): Generator<RowDifference> {
    for (const { key, value } of this.#store.range(TABLE_OF[table])) {
      const name = nameOf(table, key)
      if (this.#kept.has(name)) continue
      const isKnown = table === 'request' ? this.#isAnswered(key, value) : this.#equal.has(name)
      if (!isKnown) yield { table, key, folded: undefined, stored: value }
    }
  }

  /** Whether the record that a row of table `request` names has that request. */
  #isAnswered(key: Key, value: Uint8Array): boolean {
    try {
      const { seq } = decodeRow('request', value)
      const { request } = this.record(seq)
      return request !== undefined && requestRowKey(request.hospital, request.id) === key
    } catch {
      // Whatever is wrong with the row or the journal, the row has no reason there.
      return false
    }
  }

  /** Sorts the hot rows into those that are what the store has and the others. */
  #compare(): void {
    for (const [name, { table, key, row }] of this.#hot) {
      const folded = row === undefined ? undefined : this.#bytesOf(table, row)
      if (isSame(folded, this.#stored(table, key))) {
        this.#kept.delete(name)
        if (table === 'request') this.#requests += 1
        else this.#equal.add(name)
      } else {
        this.#kept.set(name, folded === undefined ? GONE : Buffer.from(folded).toString('latin1'))
      }
    }
    this.#hot.clear()
  }

  #bytesOf(table: RowTable, row: RowTypes[RowTable]): Uint8Array {
    this.#writer.restart()
    writeRow(this.#writer, table, row)
    return this.#writer.copy()
  }

  /** A damaged row is not what the journal gives; that it is damaged is found when the table is read. */
  #stored(table: RowTable, key: Key): Uint8Array | undefined {
    try {
      return this.#store.get(TABLE_OF[table], key)
    } catch (error) {
      if (error instanceof StoreFailed) return undefined
      throw error
    }
  }
}

function nameOf(table: RowTable, key: Key): string {
  return `${table}${BETWEEN}${key}`
}

function placeOf(name: string): { readonly table: RowTable; readonly key: Key } {
  const at = name.indexOf(BETWEEN)
  const table = name.slice(0, at) as RowTable
  const key = name.slice(at + 1)
  return { table, key: table === 'prepared' || table === 'audit' ? Number(key) : key }
}

function isSame(folded: Uint8Array | undefined, stored: Uint8Array | undefined): boolean {
  if (folded === undefined || stored === undefined) return folded === stored
  return Buffer.compare(folded, stored) === 0
}
