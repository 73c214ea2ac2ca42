import type { CounterKey } from '../adjudication/counter-key.ts'
import type { CounterSums } from '../adjudication/counter-sums.ts'
import type { LedgerRecord, RegisterVersion, RulesState } from './record.ts'

/** Where a settlement stands in the list of its person. */
export type EntryState = 'live' | 'prepared' | 'cancelled' | 'reversed'

export interface HolderEntry {
  readonly seq: number
  readonly state: EntryState
  /** The record that reversed or cancelled it. */
  readonly endedBy?: number
  readonly confirmedBy?: number
  /** Its recalculations, oldest first. */
  readonly recalculations: readonly number[]
}

/** `key` was changed at record `at` by the end of, or a difference to, the settlement `by`. */
export interface CounterChangeMark {
  readonly key: CounterKey
  readonly by: number
  readonly at: number
}

/** Counters of one holder. */
export interface CounterRow {
  /** Seq of the last record that touched them; 0: none did. */
  readonly version: number
  readonly counters: CounterSums
  readonly changes: readonly CounterChangeMark[]
}

/** Counters of a person, family, shared policy or group; of a person also the settlements. */
export interface HolderRow extends CounterRow {
  /** In order of seq; only persons have any. */
  readonly entries: readonly HolderEntry[]
}

/** Lines of one `lines` record. */
export interface StagedBatch {
  readonly seq: number
  /** In the order they were sent; `by`: the settlement that holds the line, −1: withdrawn, 0: waiting. */
  readonly lines: readonly (readonly [id: string, by: number])[]
}

/** A stay at a hospital, with the counters that belong to it. */
export interface StayRow extends CounterRow {
  readonly person: string | undefined
  /** Live and prepared settlements of the stay, in order. */
  readonly live: readonly number[]
  readonly batches: readonly StagedBatch[]
}

export interface BalanceRow {
  /** `from>to`, in the order payer, hospital, patient, supplier, provider → fen, signed; no zeros. */
  readonly pairs: ReadonlyMap<string, number>
  /** Bills of the hospital, what took them back and what recalculations changed in them; fen, signed. */
  readonly rows: number
  readonly cost: number
  /** What package prices gave above the cost: payees received cost + packages. */
  readonly packages: number
  readonly fund: number
  readonly account: number
  readonly cash: number
}

export interface RequestRow {
  readonly seq: number
  readonly fingerprint: string
}

export interface PreparedRow {
  readonly hospital: string
  readonly at: number
}

export interface RegistryRow {
  readonly version: RegisterVersion
  readonly entry: unknown
}

export interface HeadRow {
  readonly seq: number
  readonly hash: Uint8Array
  /** Stamp of the last record, ms. */
  readonly at: number
  /** Last closed accounting day, or null. */
  readonly closed: number | null
}

/** Decoded rows by table. */
export interface RowTypes {
  readonly request: RequestRow
  readonly holder: HolderRow
  readonly stay: StayRow
  readonly unique: number
  readonly prepared: PreparedRow
  readonly registry: RegistryRow
  readonly balance: BalanceRow
  readonly rules: RulesState
  /** By seq of the record: how many entries it has. */
  readonly audit: number
}

export type RowTable = keyof RowTypes

/** What a fold over the journal reads and writes. Rows are never changed in place. */
export interface Rows {
  get<T extends RowTable>(table: T, key: string | number): RowTypes[T] | undefined
  /** undefined: the row goes. */
  put<T extends RowTable>(table: T, key: string | number, row: RowTypes[T] | undefined): void
  /** An earlier record; throws when there is none. */
  record(seq: number): LedgerRecord
}

const SEPARATOR = '\u0000'

/**
 * Ids that senders make in the order of time come first: what is written together lies together on the disk, whichever hospitals
 * sent it, and a commit touches fewer pages.
 */
export function requestRowKey(hospital: string, id: string): string {
  return rowKey(id, hospital)
}

/** As `requestRowKey`: the platform numbers visits (mdtrt_id) in the order of time. */
export function stayRowKey(hospital: string, stay: string): string {
  return rowKey(stay, hospital)
}

export function rowKey(first: string | number, second: string): string {
  return `${first}${SEPARATOR}${second}`
}
