import type { Fen } from '../money/fen.ts'
import { joined } from './book-row.ts'

/** One row of a 3202 file: a settlement, or what takes it back, as the national platform keeps it. */
export interface NationalRow {
  /** setl_id */
  readonly id: string
  /** mdtrt_id */
  readonly visit: string
  /** psn_no */
  readonly person: string
  /** medfee_sumamt, fen; below zero in a reversal. */
  readonly total: Fen
  /** fund_pay_sumamt */
  readonly fund: Fen
  /** acct_pay */
  readonly account: Fen
  /** refd_setl_flag */
  readonly reversal: boolean
  /** msgid, where the platform's result file gives it: what 2601 takes back by. */
  readonly messageId?: string
  /** Only in theirs: the platform's result says that it differs from ours, whatever amounts it gives. */
  readonly disputed?: boolean
}

export const NATIONAL_AMOUNTS = ['total', 'fund', 'account'] as const

export function nationalAmounts({ total, fund, account }: NationalRow): readonly Fen[] {
  return [total, fund, account]
}

export type NationalIdentity = 'id' | 'visit' | 'person' | 'reversal'

const IDENTITY: readonly NationalIdentity[] = ['id', 'visit', 'person', 'reversal']

/** Whose row it is, without the `ignored` fields, as one text. */
export function nationalKey(row: NationalRow, ignored: readonly NationalIdentity[] = []): string {
  return joined(IDENTITY.map((field) => (ignored.includes(field) ? '' : String(row[field]))))
}

/** `nationalKey` with the amounts. */
export function nationalWhole(row: NationalRow, ignored: readonly NationalIdentity[] = []): string {
  return joined([nationalKey(row, ignored), ...nationalAmounts(row).map(String)])
}
