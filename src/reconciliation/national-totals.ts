import { addFen, ZERO_FEN, type Fen } from '../money/fen.ts'
import { joined } from './book-row.ts'
import type { OurNationalRow } from './national-rows.ts'

/** One group of 3201: what the hospital reports for an agency, an insurance and a clearing type. */
export interface NationalTotals {
  /** setl_optins; undefined where settlements state no clr_optins. Such a group cannot be sent before it is known. */
  readonly clearingAgency: string | undefined
  readonly insuranceType: string | undefined
  readonly clearingType: string | undefined
  /** fixmedins_setl_cnt: rows, so that a settlement and its reversal are two. */
  readonly count: number
  /** medfee_sumamt, fund_pay_sumamt, acct_pay and cash_payamt, fen, reversals taken off. */
  readonly total: Fen
  readonly fund: Fen
  readonly account: Fen
  readonly cash: Fen
}

/** The totals of 3201 over signed rows, in the order of their groups. */
export function nationalTotals(rows: Iterable<OurNationalRow>): readonly NationalTotals[] {
  const groups = new Map<string, NationalTotals>()
  for (const row of rows) {
    const { clearingAgency, insuranceType, clearingType } = row
    const key = joined([clearingAgency ?? '', insuranceType ?? '', clearingType ?? ''])
    const sum = groups.get(key)
    groups.set(key, {
      clearingAgency,
      insuranceType,
      clearingType,
      count: (sum?.count ?? 0) + 1,
      total: addFen(sum?.total ?? ZERO_FEN, row.total),
      fund: addFen(sum?.fund ?? ZERO_FEN, row.fund),
      account: addFen(sum?.account ?? ZERO_FEN, row.account),
      cash: addFen(sum?.cash ?? ZERO_FEN, row.cash),
    })
  }
  return [...groups].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, sum]) => sum)
}
