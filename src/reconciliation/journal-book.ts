import { formatEpochDay } from '../catalog/epoch-day.ts'
import type { LedgerRecord, Posting } from '../ledger/record.ts'
import { fen } from '../money/fen.ts'
import { condensed, type BookField, type BookRow } from './book-row.ts'
import {
  recordsBySeq,
  settlementId,
  splitAt,
  type PostingRecord,
  type RecordAt,
} from './settlement-book.ts'

/** What a posting does not say. */
export const JOURNAL_LACKS: readonly BookField[] = ['stay', 'person', 'line']

/**
 * The book of the journal: the postings of every record, by settlement, hospital and day. Stay, person and line are ''.
 */
export function journalBook(records: readonly LedgerRecord[]): readonly BookRow[] {
  const recordAt = recordsBySeq(records)
  return records.flatMap((record) => ('postings' in record ? journalRows(record, recordAt) : []))
}

/** The postings of one record; none for a prepared settlement, which holds them without effect. */
export function journalRows(record: PostingRecord, recordAt: RecordAt): readonly BookRow[] {
  if (record.kind === 'prepared') return []
  const seq = 'settlement' in record ? record.settlement : record.seq
  const occasion = {
    settlement: settlementId(seq),
    kind: record.kind === 'confirmed' ? ('settlement' as const) : record.kind,
    day: formatEpochDay(record.day),
    hospital: splitAt(seq, recordAt).hospital,
    stay: '',
    person: '',
    line: '',
  }
  return condensed(record.postings.map((posting) => ({ ...occasion, ...debtOf(posting) })))
}

/** Who owes whom: a posting the other way round takes the debt back. */
function debtOf([from, to, amount]: Posting): Pick<BookRow, 'payer' | 'payee' | 'amount'> {
  return rankOf(from) <= rankOf(to)
    ? { payer: from, payee: to, amount: fen(amount) }
    : { payer: to, payee: from, amount: fen(0 - amount) }
}

/** Of two accounts the one before pays: payers, then the hospital's own part, the patient, who is paid for a service. */
const RANKS = ['payer:', 'hospital:', 'patient'] as const

function rankOf(account: string): number {
  const rank = RANKS.findIndex((prefix) => account.startsWith(prefix))
  return rank < 0 ? RANKS.length : rank
}
