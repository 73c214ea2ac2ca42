import { assert } from '../assert.ts'
import { formatEpochDay } from '../catalog/epoch-day.ts'
import type { SplitAnswer } from '../ledger/answer.ts'
import type {
  ConfirmedRecord,
  LedgerRecord,
  RecalculationRecord,
  ReversalRecord,
  SplitRecord,
} from '../ledger/record.ts'
import { fen } from '../money/fen.ts'
import { condensed, type BookRow } from './book-row.ts'
import { lineIdAt, statedLines } from '../protocol/stated-lines.ts'
import { membersOf, suppliersOf } from './payees.ts'
import { splitRows, type Occasion, type Payees } from './split-rows.ts'

/** The record of a seq; a record names only records before it. */
export type RecordAt = (seq: number) => LedgerRecord | undefined

/** A record that posts, with what it says it posts: from its split, never from its postings. */
export interface BookEntry {
  readonly record: PostingRecord
  readonly rows: readonly BookRow[]
}

export type PostingRecord = SplitRecord | ConfirmedRecord | ReversalRecord | RecalculationRecord

/** `S` and the seq in 12 digits. */
export function settlementId(seq: number): string {
  return `S${String(seq).padStart(12, '0')}`
}

/** Records by seq, for a history that is in memory. */
export function recordsBySeq(records: readonly LedgerRecord[]): RecordAt {
  const bySeq = new Map(records.map((record) => [record.seq, record]))
  return (seq) => bySeq.get(seq)
}

/** The book of the settlement records: what each settlement, reversal and recalculation says about each line. */
export function settlementBook(records: readonly LedgerRecord[]): readonly BookRow[] {
  return [...settlementEntries(records, recordsBySeq(records))].flatMap(({ rows }) => rows)
}

/**
 * The same record by record, for a ledger that is not in memory. What was recalculated is remembered; everything else that
 * a record refers to is read by `recordAt`. A prepared or cancelled settlement posts nothing; its confirmation posts it.
 */
export function* settlementEntries(
  records: Iterable<LedgerRecord>,
  recordAt: RecordAt,
): Generator<BookEntry> {
  const recalculated = new Map<number, SplitAnswer>()
  for (const record of records) {
    if (record.kind === 'settlement') {
      yield { record, rows: rowsOf(record, record.answer, 'settlement', record.day, recordAt) }
    } else if (record.kind === 'confirmed') {
      const split = splitAt(record.settlement, recordAt)
      yield { record, rows: rowsOf(split, split.answer, 'settlement', record.day, recordAt) }
    } else if (record.kind === 'reversal') {
      const split = splitAt(record.settlement, recordAt)
      const answer = recalculated.get(split.seq) ?? split.answer
      recalculated.delete(split.seq)
      const posted = rowsOf(split, answer, 'reversal', record.day, recordAt)
      yield { record, rows: negated(posted) }
    } else if (record.kind === 'recalculation') {
      const split = splitAt(record.settlement, recordAt)
      const before = recalculated.get(split.seq) ?? split.answer
      recalculated.set(split.seq, record.answer)
      const rows = (answer: SplitAnswer) =>
        rowsOf(split, answer, 'recalculation', record.day, recordAt)
      yield { record, rows: condensed([...rows(record.answer), ...negated(rows(before))]) }
    }
  }
}

/** The settlement or prepared settlement of a seq; throws `InvariantError` when it is another record. */
export function splitAt(seq: number, recordAt: RecordAt): SplitRecord {
  const record = recordAt(seq)
  assert(
    record?.kind === 'settlement' || record?.kind === 'prepared',
    'a record names a settlement that is before it',
  )
  return record
}

function rowsOf(
  split: SplitRecord,
  answer: SplitAnswer,
  kind: BookRow['kind'],
  day: number,
  recordAt: RecordAt,
): readonly BookRow[] {
  const occasion: Occasion = {
    settlement: settlementId(split.seq),
    kind,
    day: formatEpochDay(day),
    hospital: split.hospital,
    stay: split.stay,
    person: split.person,
  }
  return splitRows(answer, occasion, payeesOf(split, recordAt))
}

function payeesOf(split: SplitRecord, recordAt: RecordAt): Payees {
  const supplement = split.operation === 'supplement'
  const suppliers = new Map(suppliersOf(statedLines(membersOf(split.bill))))
  for (const [seq, ids] of split.staged ?? []) {
    const lines = recordAt(seq)
    assert(lines?.kind === 'lines', 'lines sent beforehand are in a record of lines')
    const wanted = new Set(ids)
    const taken = lines.added.filter((line, index) => wanted.has(lineIdAt(line, index)))
    for (const [id, supplier] of suppliersOf(taken)) suppliers.set(id, supplier)
  }
  return { suppliers, supplement }
}

function negated(rows: readonly BookRow[]): readonly BookRow[] {
  return rows.map((row) => ({ ...row, amount: fen(0 - row.amount) }))
}
