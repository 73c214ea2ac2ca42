import { failureOf, failure, problem, success, type Result } from '../errors/problem.ts'
import { formatYuan, type Fen } from '../money/fen.ts'
import { nationalAmounts, type NationalRow } from './national-row.ts'
import {
  flagAt,
  idAt,
  optionalAt,
  readingRows,
  yuanAt,
  type Cells,
  type RowReading,
} from './row-reading.ts'

/** Columns of a 3202 file, which has no header. */
export const DETAIL_COLUMNS = [
  'setl_id',
  'mdtrt_id',
  'psn_no',
  'medfee_sumamt',
  'fund_pay_sumamt',
  'acct_pay',
  'refd_setl_flag',
] as const

/** What stands for an empty value. */
const EMPTY = 'null'

/** One row of a 3202 file, without a line end: tab-separated, amounts in yuan with two places, "null" for what is empty. */
export function detailLine(row: NationalRow): string {
  const amount = (value: Fen) => formatYuan(value)
  const { id, visit, person, total, fund, account, reversal } = row
  const cells = [id, visit, person, amount(total), amount(fund), amount(account)]
  return [...cells, reversal ? '1' : '0'].map((text) => text || EMPTY).join('\t')
}

/** A whole 3202 file. */
export function detailText(rows: Iterable<NationalRow>): string {
  return Array.from(rows, (row) => `${detailLine(row)}\n`).join('')
}

/**
 * Reads a 3202 file. Seven columns, or eight, of which the last is not read, as one variant has it; a heading of their names
 * is passed over. Refuses rows with other columns, without an id, with a flag that is not 0 or 1, and amounts that are not
 * whole fen.
 */
export function readingDetail(): RowReading<NationalRow> {
  return readingRows((text, isFirst) => {
    const values = text.split('\t')
    const isHeading = isFirst && DETAIL_COLUMNS.every((name, index) => name === values[index])
    if (isHeading) return success(undefined)
    if (values.length !== DETAIL_COLUMNS.length && values.length !== DETAIL_COLUMNS.length + 1) {
      return columnsRefused(values.length, '7 | 8')
    }
    return nationalRowOf(cellsOf(values, DETAIL_COLUMNS))
  }, nationalAmounts)
}

export function columnsRefused<Row>(found: number, expected: string): Result<Row> {
  return failure(problem('RECONCILE_COLUMNS_DIFFER', '', { found, expected }))
}

/** Values by the names of their columns; "null" is empty. */
export function cellsOf(values: readonly string[], columns: readonly string[]): Cells {
  return {
    problems: [],
    textAt: (field) => {
      const text = values[columns.indexOf(field)]?.trim() ?? ''
      return text === EMPTY ? '' : text
    },
  }
}

export function nationalRowOf(cells: Cells): Result<NationalRow> {
  const row = {
    id: idAt(cells, 'setl_id'),
    visit: optionalAt(cells, 'mdtrt_id'),
    person: optionalAt(cells, 'psn_no'),
    total: yuanAt(cells, 'medfee_sumamt'),
    fund: yuanAt(cells, 'fund_pay_sumamt'),
    account: yuanAt(cells, 'acct_pay'),
    reversal: flagAt(cells, 'refd_setl_flag'),
  }
  return cells.problems.length === 0 ? success(row) : failureOf(cells.problems)
}
