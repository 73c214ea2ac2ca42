import { assert } from '../assert.ts'
import type { LedgerRecord } from '../ledger/record.ts'
import { decodeRecords } from '../ledger/record-codec.ts'
import { decodeRow } from '../ledger/row-codec.ts'
import type { HeadRow, Rows, RowTable, RowTypes } from '../ledger/rows.ts'
import { NO_HASH } from '../ledger/hash.ts'
import { decode } from '../protocol/codec.ts'
import type { Store, Table } from './ports.ts'
import { RecentMap } from './recent-map.ts'

/** Where the rows of the fold are kept. */
export const TABLE_OF: Readonly<Record<RowTable, Table>> = {
  request: 'request',
  holder: 'holder',
  stay: 'stay',
  unique: 'unique',
  prepared: 'prepared',
  registry: 'registry',
  balance: 'balance',
  rules: 'rules',
  audit: 'audit',
}

export const HEAD_KEY = 'head'

export const EMPTY_HEAD: HeadRow = { seq: 0, hash: NO_HASH, at: 0, closed: null }

/** Of the hash that a block begins with. */
export const HASH_BYTES = 32
const BLOCKS_KEPT = 64
/**
 * Decoded rows kept of a table. Every bill asks for its hospital and the balances of its payers; of a person nobody asks again once the
 * settlement is committed, and whatever is kept longer two young collections have to move.
 */
const [HOLDERS_KEPT, ENTRIES_KEPT, BALANCES_KEPT, RULES_KEPT] = [512, 1_024, 4_096, 1_024]
const ABSENT_KEPT = 1_024

type AnyRow = RowTypes[RowTable]

/** The committed rows. */
export class StoreRows implements Rows {
  readonly #store: Store
  /** Decoded blocks by the seq of their first record. */
  readonly #blocks = new RecentMap<number, readonly LedgerRecord[]>(BLOCKS_KEPT)
  /** Decoded rows of the tables that are read again and again. */
  readonly #rows: ReadonlyMap<RowTable, RecentMap<string | number, AnyRow>> = new Map([
    ['holder', new RecentMap(HOLDERS_KEPT)],
    ['registry', new RecentMap(ENTRIES_KEPT)],
    ['balance', new RecentMap(BALANCES_KEPT)],
    ['rules', new RecentMap(RULES_KEPT)],
  ])

  /** Keys without a row: a new request and its stay are asked for several times before they are there. */
  readonly #absent = new Map<RowTable, RecentMap<string | number, true>>()

  constructor(store: Store) {
    this.#store = store
  }

  get<T extends RowTable>(table: T, key: string | number): RowTypes[T] | undefined {
    const kept = this.#rows.get(table)
    const known = kept?.get(key)
    if (known !== undefined) return known as RowTypes[T]
    if (this.#absent.get(table)?.get(key) === true) return undefined
    const bytes = this.#store.get(TABLE_OF[table], key)
    if (bytes === undefined) {
      this.#noteAbsent(table, key)
      return undefined
    }
    const row = decodeRow(table, bytes)
    kept?.set(key, row)
    return row
  }

  #noteAbsent(table: RowTable, key: string | number): void {
    let keys = this.#absent.get(table)
    if (keys === undefined) this.#absent.set(table, (keys = new RecentMap(ABSENT_KEPT)))
    keys.set(key, true)
  }

  /** Rows that a commit has changed. */
  refresh(changes: Iterable<readonly [RowTable, string | number, AnyRow | undefined]>): void {
    for (const [table, key, row] of changes) {
      this.#absent.get(table)?.delete(key)
      const kept = this.#rows.get(table)
      if (row === undefined) kept?.delete(key)
      else kept?.set(key, row)
    }
  }

  put(): never {
    assert(false, 'committed rows change only by a commit')
  }

  record(seq: number): LedgerRecord {
    for (const { key, value } of this.#store.range('journal', {
      from: seq,
      reverse: true,
      limit: 1,
    })) {
      const first = Number(key)
      const record = this.#block(first, value)[seq - first]
      assert(record?.seq === seq, 'the journal has every record')
      return record
    }
    assert(false, 'the journal has every record')
  }

  #block(first: number, value: Uint8Array): readonly LedgerRecord[] {
    const known = this.#blocks.get(first)
    if (known !== undefined) return known
    const records = recordsOf(value)
    this.#blocks.set(first, records)
    return records
  }
}

/** The records of a block, whose hash the caller has checked or trusts. */
export function recordsOf(block: Uint8Array): readonly LedgerRecord[] {
  return decodeRecords(block.subarray(HASH_BYTES))
}

export function headOf(store: Store): HeadRow {
  const bytes = store.get('meta', HEAD_KEY)
  return bytes === undefined ? EMPTY_HEAD : (decode(bytes) as HeadRow)
}
