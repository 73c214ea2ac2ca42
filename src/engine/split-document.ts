import type { SplitRecord } from '../ledger/record.ts'
import type { Rows } from '../ledger/rows.ts'
import { linesOf } from './staged-lines.ts'
import type { Document } from './turn.ts'

/** The bill document of a stored split as it was adjudicated: with the lines that were sent beforehand. */
export function documentOf(rows: Rows, split: SplitRecord): Document {
  const bill = split.bill as Document
  if (split.staged === undefined) return bill
  const lines = split.staged.flatMap(([seq, ids]) => linesOf(rows, seq, ids))
  return { ...bill, lines }
}
