/**
 * The world as the engine sees it: a store, a clock, and somewhere to evaluate bills. Everything it cannot compute comes in
 * through one of these, so that a simulator can stand in for the world.
 */

/** Tables of a ledger; what each holds is in docs/ledger.md, section 9. */
export const TABLES = [
  'journal',
  'request',
  'holder',
  'stay',
  'unique',
  'prepared',
  'registry',
  'balance',
  'rules',
  'audit',
  'content',
  'meta',
] as const

export type Table = (typeof TABLES)[number]

/** Numbers (safe integers >= 0) in `journal`, `prepared` and `audit`, text elsewhere; at most 1,900 bytes of UTF-8. */
export type Key = string | number

export interface Put {
  readonly table: Table
  readonly key: Key
  /** Absent: the row goes. */
  readonly value: Uint8Array | undefined
}

export interface KeyRange {
  /** First key, itself included; absent: from the first, or with `reverse` from the last. */
  readonly from?: Key
  /** Where it ends, itself left out. */
  readonly to?: Key
  readonly reverse?: boolean
  readonly limit?: number
}

export interface Row {
  readonly key: Key
  readonly value: Uint8Array
}

/**
 * A transactional map of tables. Reads see everything that was committed, flushed or not. One writer: no second `commit`
 * before the first has ended. Failures are `StoreFailed` with a coded problem.
 */
export interface Store {
  get(table: Table, key: Key): Uint8Array | undefined
  /** Rows in ascending order of their keys (numbers by value, text by UTF-8 bytes), or descending with `reverse`. */
  range(table: Table, range?: KeyRange): Iterable<Row>
  /** Number of rows. */
  count(table: Table): number
  /** All of `puts` or none of them. Resolves when they are on the disk: flushed, not only committed. */
  commit(puts: readonly Put[]): Promise<void>
  /** A copy as of now, made while commits go on, in the folder `path`, which must not exist or be empty. */
  backup(path: string): Promise<void>
  close(): Promise<void>
}

/** Milliseconds since 1970-01-01; may jump in either direction. */
export type Clock = () => number
