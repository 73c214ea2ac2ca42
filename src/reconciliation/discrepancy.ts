import type { Fen } from '../money/fen.ts'
import type { DiscrepancyKind } from './kinds.ts'

/**
 * One difference between two books, with its name and the rows that show it. Together the effects of all discrepancies of a
 * comparison are the difference of the two books.
 */
export interface Discrepancy<Row> {
  readonly kind: DiscrepancyKind
  /** The rows of our book, and of theirs; either may be empty. */
  readonly ours: readonly Row[]
  readonly theirs: readonly Row[]
  /** Theirs less ours, fen, one for each amount that a row of this format has. */
  readonly effect: readonly Fen[]
}

export interface BookTotals {
  readonly rows: number
  /** Fen, one for each amount that a row of this format has. */
  readonly amounts: readonly Fen[]
}

export interface Comparison<Row> {
  readonly ours: BookTotals
  readonly theirs: BookTotals
  readonly discrepancies: readonly Discrepancy<Row>[]
}

/** Theirs less ours, one for each amount. */
export function differenceOf<Row>({ ours, theirs }: Comparison<Row>): readonly number[] {
  return theirs.amounts.map((amount, index) => amount - (ours.amounts[index] ?? 0))
}
