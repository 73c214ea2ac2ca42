import { addFen, ZERO_FEN, type Fen } from '../money/fen.ts'

/** What a row posts: a settlement, what takes it back, or the difference a recalculation made. */
export const ROW_KINDS = ['settlement', 'reversal', 'recalculation'] as const

export type RowKind = (typeof ROW_KINDS)[number]

/**
 * One row of a book: what one payer owes one payee for one line. Both are accounts of docs/ledger.md, section 7
 * (`payer:ID`, `hospital:CODE`, `patient`; `provider:CODE`, `supplier:ID`, `patient`). Text that a book does not have is ''.
 */
export interface BookRow {
  /** The settlement it belongs to, also where it takes that back. */
  readonly settlement: string
  readonly kind: RowKind
  /** Accounting day, YYYY-MM-DD. */
  readonly day: string
  readonly hospital: string
  readonly stay: string
  readonly person: string
  /** '' for what is paid beside the bill. */
  readonly line: string
  readonly payer: string
  readonly payee: string
  /** Above zero in a settlement, below in a reversal, either in a recalculation; never zero. */
  readonly amount: Fen
}

export const BOOK_FIELDS = [
  'settlement',
  'kind',
  'day',
  'hospital',
  'stay',
  'person',
  'line',
  'payer',
  'payee',
] as const

export type BookField = (typeof BOOK_FIELDS)[number]

/** Never in an id, so that two keys are equal only when all their parts are. */
const SEPARATOR = '\u0000'

export function joined(parts: readonly string[]): string {
  return parts.join(SEPARATOR)
}

/** The row without its amount and without `ignored`, as one text. */
export function bookKey(row: BookRow, ignored: readonly BookField[] = []): string {
  if (ignored.length === 0) return joined(BOOK_FIELDS.map((field) => row[field]))
  return joined(BOOK_FIELDS.map((field) => (ignored.includes(field) ? '' : row[field])))
}

/** The settlement, reversal or recalculation that a row is part of. */
export function eventOf({ settlement, kind }: BookRow): string {
  return joined([settlement, kind])
}

/** The line of an event that a row is part of. */
export function lineOf(row: BookRow): string {
  return joined([eventOf(row), row.line])
}

/** The same book in less detail: `dropped` fields are '', rows that are then alike are added up, zeros left out. */
export function condensed(
  rows: Iterable<BookRow>,
  dropped: readonly BookField[] = [],
): readonly BookRow[] {
  const blank = Object.fromEntries(dropped.map((field) => [field, '']))
  const sums = new Map<string, BookRow>()
  for (const row of rows) {
    const key = bookKey(row, dropped)
    const sum = sums.get(key)
    sums.set(key, {
      ...row,
      ...blank,
      amount: addFen(sum?.amount ?? ZERO_FEN, row.amount),
    })
  }
  return [...sums.values()].filter(({ amount }) => amount !== 0)
}
