import { failure, failureOf, problem, success, type Result } from '../../errors/problem.ts'
import { splitOf } from '../../ledger/apply-record.ts'
import type { SplitRecord } from '../../ledger/record.ts'
import type { Rows } from '../../ledger/rows.ts'
import { settlementId } from '../../ledger/settlement-id.ts'
import { CounterView } from '../counter-view.ts'
import type { CurrentSplit } from '../current-split.ts'
import { evaluateBill, type EvaluatedBill } from '../evaluate-bill.ts'
import { rereading } from '../operations/recalculate.ts'
import { supplementBill } from '../operations/supplement.ts'
import { entryOf } from '../own-split.ts'
import { completeSplit } from '../split-bill.ts'
import { documentOf } from '../split-document.ts'
import { RequestRefused, type Document } from '../turn.ts'
import { ADJUDICATIONS } from '../verification/semantics.ts'
import type { CandidateRules } from './candidate-rules.ts'

/** What a settlement is read with: the versions of the register and the rule set it names. */
export type SplitGround = Pick<SplitRecord, 'register' | 'ruleSet'>

/**
 * The split of `record` as the candidate makes it, with the counters that `rows` have at its place; `current`: what it is by now, of
 * one that is recalculated. Refuses as `settle` does. The semantics are those it was settled under: only rules are compared.
 */
export function settleAgain(
  rows: Rows,
  rules: CandidateRules,
  record: SplitRecord,
  {
    ground = record,
    current,
  }: { readonly ground?: SplitGround; readonly current?: CurrentSplit } = {},
): Result<EvaluatedBill & Pick<SplitRecord, 'sharedPolicies'>> {
  try {
    const { register, ruleSet } = ground
    const place = {
      hospital: record.hospital,
      day: record.settlementDay,
      fixed: { ...register, ruleSet },
    }
    const completed = completeSplit(rows, documentOf(rows, record), place)
    const { sharedPolicies, without } =
      current === undefined
        ? { sharedPolicies: record.sharedPolicies, without: undefined }
        : rereading(rows, record, current, completed)
    const counters = new CounterView(rows, { ...completed, sharedPolicies }, without)
    const evaluate = ADJUDICATIONS.get(record.semantics) ?? evaluateBill
    const again = evaluate(completed.document, completed.day, counters, rules.open(ruleSet))
    return again.ok ? success({ ...again.value, sharedPolicies }) : again
  } catch (error) {
    if (error instanceof RequestRefused) return failureOf(error.problems)
    throw error
  }
}

/** A supplement with the cells that the settlements it takes have left to the patient in `rows`. */
export function supplementAgain(rows: Rows, record: SplitRecord): Result<SplitRecord> {
  const stored = record.bill as Document
  const { packs } = stored['supplement'] as { readonly packs: readonly string[] }
  const sources = (record.takes ?? []).map((seq) => splitOf(rows, seq))
  for (const source of sources) {
    if (entryOf({ rows }, source)?.state === 'live') continue
    const settlement = settlementId(source.seq)
    return failure(problem('SETTLEMENT_UNKNOWN', 'settlements', { settlement }))
  }
  try {
    const bill = supplementBill(rows, sources, { packs, date: stored['settlementDate'] })
    return success({ ...record, bill })
  } catch (error) {
    if (error instanceof RequestRefused) return failureOf(error.problems)
    throw error
  }
}
