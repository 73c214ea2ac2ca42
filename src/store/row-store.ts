import { TABLES, type Key, type KeyRange, type Row, type Table } from '../engine/ports.ts'

/** The tables of a ledger and one more, `seal`, for what the store itself has to remember: its format and the sums. */
export const ROW_TABLES = [...TABLES, 'seal'] as const

export type RowTable = Table | 'seal'

export interface RowPut {
  readonly table: RowTable
  readonly key: Key
  /** Absent: the row goes. Read until the commit has ended, and not kept. */
  readonly value: Uint8Array | undefined
}

/**
 * Bytes under keys in tables, kept as they are: what lies below the seals. Keys are checked above. Same promises as `Store`
 * unless said otherwise.
 */
export interface RowStore {
  /** For messages: where it is. */
  readonly place: string
  /** A copy of its own. */
  get(table: RowTable, key: Key): Uint8Array | undefined
  /** Valid only until the next call of any kind: for looking at, not for keeping. */
  peek(table: RowTable, key: Key): Uint8Array | undefined
  /** Rows are copies. It may be left at any time; commits meanwhile are seen from the next row not yet read. */
  range(table: RowTable, range: KeyRange): Iterable<Row>
  count(table: RowTable): number
  /** No two puts of one key. */
  commit(puts: readonly RowPut[]): Promise<void>
  backup(path: string): Promise<void>
  close(): Promise<void>
}
