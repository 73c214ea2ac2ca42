import type { LedgerRecord, RequestKey } from '../../src/ledger/record.ts'
import { condensed, type BookField, type BookRow } from '../../src/reconciliation/book-row.ts'
import { compareBooks } from '../../src/reconciliation/compare-books.ts'
import type { Discrepancy } from '../../src/reconciliation/discrepancy.ts'
import { JOURNAL_LACKS, journalBook } from '../../src/reconciliation/journal-book.ts'
import {
  recordsBySeq,
  settlementEntries,
  type BookEntry,
} from '../../src/reconciliation/settlement-book.ts'
import { CHANGES_LACK, toldBook, type ToldAnswer } from '../../src/reconciliation/told-book.ts'

/** One run of the engine, as a client and an auditor see it. */
export interface EngineRun {
  /** The whole journal. */
  readonly records: readonly LedgerRecord[]
  /**
   * Every answer that a client has, with what it sent; repeats may be among them. `lines.add` belongs here too, whether it
   * was answered or not.
   */
  readonly told: readonly ToldAnswer[]
  /** Hospital ␀ request id of what was never answered, so that clients may not know of it. */
  readonly unanswered?: ReadonlySet<string>
}

/** Which two books differ, and how. */
export interface BookDifference {
  readonly books: string
  readonly discrepancy: Discrepancy<BookRow>
}

/**
 * Compares what clients were told, the settlement records and the journal of one run, each pair as far as both say it: per
 * line, payer, payee, hospital, stay, person and day. Empty when all three agree.
 */
export function checkThreeBooks(run: EngineRun): readonly BookDifference[] {
  const entries = [...settlementEntries(run.records, recordsBySeq(run.records))]
  const settled = entries.flatMap(({ rows }) => rows)
  const posted = journalBook(run.records)
  const told = toldBook(run.told)
  const known = knownEntries(entries, run)
  const toldSplits = known.flatMap(({ rows }) => rows.filter(({ kind }) => kind === 'settlement'))
  const ids = new Set(toldSplits.map(({ settlement }) => settlement))
  const isTold = ({ kind, settlement }: BookRow) => kind === 'settlement' && ids.has(settlement)
  return [
    ...between('settlement records, journal', settled, posted, JOURNAL_LACKS),
    ...between('clients, settlement records', told.settlements, toldSplits),
    ...between('clients, journal', told.settlements, posted.filter(isTold), JOURNAL_LACKS),
    ...between(
      'clients, reversals and recalculations',
      told.changes,
      known.flatMap(({ rows }) => rows.filter(isToldChange)).map(withoutHospital),
      CHANGES_LACK,
    ),
    ...between('journal, by day', perDay(settled), perDay(posted)),
  ]
}

function between(
  books: string,
  ours: readonly BookRow[],
  theirs: readonly BookRow[],
  dropped: readonly BookField[] = [],
): readonly BookDifference[] {
  // In full detail nothing is added up, so that what somebody was told twice stays twice.
  const detail = (rows: readonly BookRow[]) =>
    dropped.length > 0 ? condensed(rows, dropped) : rows
  const { discrepancies } = compareBooks(detail(ours), detail(theirs))
  return discrepancies.map((discrepancy) => ({ books, discrepancy }))
}

/** Balances: hospital, day and pair of accounts. */
function perDay(rows: readonly BookRow[]): readonly BookRow[] {
  const plain = rows.map((row) => ({ ...row, kind: 'settlement' as const }))
  return condensed(plain, ['settlement', ...JOURNAL_LACKS])
}

/**
 * What somebody was told: made by a request that was answered. Of a resettlement only the new settlement is, which carries the
 * request; recalculations belong to the request that the end of their run carries; what an operator or the engine itself did is
 * nobody's.
 */
function knownEntries(entries: readonly BookEntry[], run: EngineRun): readonly BookEntry[] {
  const runs = recalculationRequests(run.records)
  return entries.filter(({ record }) => {
    const request = record.request ?? runs.get(record.seq)
    if (request === undefined) return false
    return run.unanswered?.has(`${request.hospital}\u0000${request.id}`) !== true
  })
}

/** Seq of a recalculation → the request of its run, which stands right after the last of them. */
function recalculationRequests(records: readonly LedgerRecord[]): ReadonlyMap<number, RequestKey> {
  const requests = new Map<number, RequestKey>()
  let open: number[] = []
  for (const { kind, seq, request } of records) {
    if (kind === 'recalculated' && request !== undefined) {
      for (const one of open) requests.set(one, request)
    }
    open = kind === 'recalculation' ? [...open, seq] : []
  }
  return requests
}

/** Answers of reversals and recalculations name the payers of the bill, not the patient nor what is paid beside it. */
function isToldChange({ kind, line, payer }: BookRow): boolean {
  return kind !== 'settlement' && payer !== 'patient' && line !== ''
}

function withoutHospital(row: BookRow): BookRow {
  return row.payer.startsWith('hospital:') ? { ...row, payer: 'hospital:' } : row
}
