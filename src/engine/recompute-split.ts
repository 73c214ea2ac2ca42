import type { Settlement } from '../adjudication/settlement.ts'
import type { Result } from '../errors/problem.ts'
import { failureOf, success } from '../errors/problem.ts'
import type { SplitRecord } from '../ledger/record.ts'
import type { Rows } from '../ledger/rows.ts'
import { readBillDocument } from '../protocol/bill-document.ts'
import { recordingDigest } from './evaluate-split.ts'
import type { RuleSets } from './rule-sets.ts'
import { completeSplit } from './split-bill.ts'
import { documentOf } from './split-document.ts'

/** A stored split adjudicated again. */
export interface RecomputedSplit {
  /** In full, with the explanation. */
  readonly settlement: Settlement
  /** The explanation is the one that was made then. */
  readonly isSameExplanation: boolean
}

/** Adjudicates a stored split from what its record holds and names: bill, register versions, counters, rule set. */
export function recomputeSplit(
  rows: Rows,
  rules: RuleSets,
  split: SplitRecord,
): Result<RecomputedSplit> {
  const { hospital, settlementDay: day, register, ruleSet, before } = split
  const place = { hospital, day, fixed: { ...register, ruleSet } }
  const completed = completeSplit(rows, documentOf(rows, split), place)
  const { inForce, adjudicator } = rules.open(ruleSet)
  const read = readBillDocument(completed.document, inForce.profile, day)
  if (!read.ok) return read
  const { bill, coverage } = read.value
  const result = adjudicator.adjudicate(bill, coverage, new Map(before))
  if (result.kind === 'refusal') return failureOf(result.problems)
  return success({
    settlement: result.settlement(),
    isSameExplanation: recordingDigest(result) === split.digest,
  })
}
