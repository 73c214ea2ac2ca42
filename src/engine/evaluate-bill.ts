import type { CounterBalances } from '../adjudication/counters.ts'
import type { Result } from '../errors/problem.ts'
import { success } from '../errors/problem.ts'
import { readBillDocument, type BillDocument } from '../protocol/bill-document.ts'
import { evaluateSplit, type EvaluatedSplit } from './evaluate-split.ts'
import type { OpenedRuleSet } from './rule-sets.ts'

/** What of a bill document the writer has to know beside its split. */
export interface BillFacts {
  readonly stayId: string
  readonly settlementDay: number
  readonly lineIds: readonly string[]
  /** The platform's setl_id, of given layers. */
  readonly setlId?: string
}

export interface EvaluatedBill {
  readonly facts: BillFacts
  /** Of the request, where whoever evaluated it has taken it from its message. */
  readonly fingerprint?: string
  readonly split: EvaluatedSplit
}

export function billFactsOf({ bill }: Pick<BillDocument, 'bill'>): BillFacts {
  const { stayId, settlementDay, lines, given } = bill
  return {
    stayId,
    settlementDay,
    lineIds: bill.supplement === undefined ? lines.map(({ id }) => id) : [],
    ...(given?.settlementId !== undefined && { setlId: given.settlementId }),
  }
}

/** Reads and adjudicates a completed bill document: a pure function, for workers. `onLayer`: as of `SettleOptions`. */
export function evaluateBill(
  document: unknown,
  day: number,
  counters: CounterBalances,
  rules: OpenedRuleSet,
  onLayer?: (pack: string) => void,
): Result<EvaluatedBill> {
  const read = readBillDocument(document, rules.inForce.profile, day)
  if (!read.ok) return read
  const split = evaluateSplit(read.value, counters, rules, onLayer)
  if (!split.ok) return split
  return success({ facts: billFactsOf(read.value), split: split.value })
}
