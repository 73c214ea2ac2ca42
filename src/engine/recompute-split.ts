import { CounterSums } from '../adjudication/counter-sums.ts'
import type { Settlement } from '../adjudication/settlement.ts'
import type { Result } from '../errors/problem.ts'
import { failureOf, success } from '../errors/problem.ts'
import { personHolder } from '../ledger/holder.ts'
import type { SplitRecord } from '../ledger/record.ts'
import type { Rows } from '../ledger/rows.ts'
import { readBillDocument, type BillDocument } from '../protocol/bill-document.ts'
import type { RulePack } from '../rules/pack.ts'
import { recordingDigest } from './evaluate-split.ts'
import type { RuleSets } from './rule-sets.ts'
import { completeSplit } from './split-bill.ts'
import { documentOf } from './split-document.ts'

/** A stored split adjudicated again. */
export interface RecomputedSplit {
  /** In full, with the explanation. */
  readonly settlement: Settlement
  /** The bill as it was read, and whom it was for. */
  readonly read: Omit<BillDocument, 'counters'>
  readonly packs: readonly RulePack[]
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
  const result = adjudicator.adjudicate(bill, coverage, CounterSums.ofPairs(before))
  if (result.kind === 'refusal') return failureOf(result.problems)
  return success({
    settlement: result.settlement(),
    read: read.value,
    packs: inForce.packs.map(({ pack }) => pack),
    isSameExplanation: recordingDigest(result) === split.digest,
  })
}

/** A split with what its last recalculation was adjudicated with in place of what it was settled with. */
export function lastComputed(rows: Rows, split: SplitRecord): SplitRecord {
  const entry = rows
    .get('holder', personHolder(split.person))
    ?.entries.find(({ seq }) => seq === split.seq)
  const last = entry?.recalculations.at(-1)
  const record = last === undefined ? undefined : rows.record(last)
  if (record?.kind !== 'recalculation') return split
  const { register, ruleSet, semantics, before, contributions, answer, digest } = record
  return { ...split, register, ruleSet, semantics, before, contributions, answer, digest }
}
