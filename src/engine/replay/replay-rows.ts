import type { LedgerRecord, SplitRecord } from '../../ledger/record.ts'
import type { HolderRow, Rows, RowTable, RowTypes, StayRow } from '../../ledger/rows.ts'
import { decode, encode } from '../../protocol/codec.ts'

/** What a settlement is when settled again, where that differs from its record. */
interface ChangedSplit {
  readonly before: SplitRecord['before']
  readonly contributions: SplitRecord['contributions']
  readonly answer: SplitRecord['answer']
  readonly digest: string
  /** Of a supplement, whose lines are what the patient had left. */
  readonly bill?: unknown
}

/**
 * Rows of a history as it would have been: counters and lists of settlements of its own, that begin empty; register, rules and every
 * record that would be the same are those of the ledger. Balances, requests and what is unique are not kept: nothing reads them.
 */
export class ReplayRows implements Rows {
  readonly #ledger: Rows
  readonly #holders = new Map<string | number, HolderRow>()
  readonly #stays = new Map<string | number, StayRow>()
  /** Packed: there may be millions. */
  readonly #changed = new Map<number, Uint8Array>()
  readonly #made = new Map<number, LedgerRecord>()

  constructor(ledger: Rows) {
    this.#ledger = ledger
  }

  get<T extends RowTable>(table: T, key: string | number): RowTypes[T] | undefined
  get(table: RowTable, key: string | number): RowTypes[RowTable] | undefined {
    switch (table) {
      case 'holder':
        return this.#holders.get(key)
      case 'stay':
        return this.#stays.get(key)
      case 'registry':
      case 'rules':
        return this.#ledger.get(table, key)
      case 'request':
      case 'unique':
      case 'prepared':
      case 'balance':
      case 'audit':
        return undefined
    }
  }

  put<T extends RowTable>(table: T, key: string | number, row: RowTypes[T] | undefined): void {
    if (table === 'holder') set(this.#holders, key, row as HolderRow | undefined)
    else if (table === 'stay') set(this.#stays, key, row as StayRow | undefined)
  }

  record(seq: number): LedgerRecord {
    const made = this.#made.get(seq)
    if (made !== undefined) return made
    const record = this.#ledger.record(seq)
    const packed = this.#changed.get(seq)
    if (packed === undefined) return record
    return { ...(record as SplitRecord), ...(decode(packed) as ChangedSplit) }
  }

  /** A settlement that is another when settled again. */
  keepChanged({ seq, before, contributions, answer, digest, bill, takes }: SplitRecord): void {
    const changed: ChangedSplit = {
      before,
      contributions,
      answer,
      digest,
      ...(takes !== undefined && { bill }),
    }
    this.#changed.set(seq, encode(changed))
  }

  /** A record that the ledger has not; its seq is a fraction, between those of the ledger. */
  keepMade(record: LedgerRecord): void {
    this.#made.set(record.seq, record)
  }
}

function set<R>(rows: Map<string | number, R>, key: string | number, row: R | undefined): void {
  if (row === undefined) rows.delete(key)
  else rows.set(key, row)
}
