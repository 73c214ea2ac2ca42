import type { Adjudication } from '../adjudication/adjudication.ts'
import type { Bill } from '../adjudication/bill.ts'
import type { Counters } from '../adjudication/counters.ts'
import { failureOf, success, type Problem, type Result } from '../errors/problem.ts'
import type { AnswerLine, AnswerPayer, SplitAnswer } from '../ledger/answer.ts'
import { sha256Hex } from '../ledger/hash.ts'
import type { Contribution, Posting } from '../ledger/record.ts'
import type { BillDocument } from '../protocol/bill-document.ts'
import type { WrittenSplit } from './packed-bill.ts'
import { splitPostings } from './split-postings.ts'
import type { OpenedRuleSet } from './rule-sets.ts'

/** What one evaluation decides; nothing is written yet. */
export interface EvaluatedSplit {
  readonly answer: SplitAnswer
  readonly postings: readonly Posting[]
  readonly before: readonly Contribution[]
  readonly contributions: readonly Contribution[]
  readonly digest: string
  readonly confirmed: boolean
  /** Known without looking at the answer, where that is still bytes. */
  readonly totals?: SplitTotals
  /** Bytes of it, where whoever evaluated it has written them. */
  readonly written?: WrittenSplit
}

/** What a patient is shown before paying; fen. */
export interface SplitTotals {
  readonly patient: number
  readonly payers: readonly (readonly [id: string, amount: number])[]
}

export function totalsOf({ patient, payers }: SplitAnswer): SplitTotals {
  return { patient: patient.total, payers: payers.map(({ id, amount }) => [id, amount]) }
}

/**
 * Adjudicates one bill that was read: a pure function of bill, coverage, counters and rule set. Refuses as `settle` does.
 * `onLayer` is told each pack before it runs, as in `SettleOptions`.
 */
export function evaluateSplit(
  { bill, coverage, warnings }: Omit<BillDocument, 'counters'>,
  counters: Counters,
  rules: OpenedRuleSet,
  onLayer?: (pack: string) => void,
): Result<EvaluatedSplit> {
  const options = onLayer === undefined ? undefined : { onLayer }
  const result = rules.adjudicator.adjudicate(bill, coverage, counters, options)
  if (result.kind === 'refusal') return failureOf(result.problems)
  return success(evaluated(bill, result, warnings))
}

function evaluated(
  bill: Bill,
  adjudication: Adjudication,
  warnings: readonly Problem[],
): EvaluatedSplit {
  const settlement = adjudication.parts()
  const contributions: Contribution[] = []
  for (const { key, before, after } of settlement.counters) {
    if (after !== before) contributions.push([key, after - before])
  }
  const { classification, deductibleUsed, packageAdjustment, patient, fixed } = settlement
  const { ownPay, overLimit, preSelfPay, inScope } = classification
  return {
    answer: {
      total: settlement.total,
      payers: settlement.payers.map(answerPayer),
      lines: settlement.lines.map(answerLine),
      classification: [ownPay, overLimit, preSelfPay, inScope],
      deductibleUsed,
      packageAdjustment,
      patient,
      fixed,
      setlinfo: settlement.setlinfo,
      setldetail: settlement.setldetail,
      warnings: [...warnings, ...settlement.warnings],
    },
    postings: splitPostings(bill, settlement),
    before: adjudication.reads(),
    contributions,
    digest: recordingDigest(adjudication),
    confirmed: settlement.confirmed,
  }
}

/** Digest of an explanation: hex SHA-256 over what the recorder wrote. */
export function recordingDigest(adjudication: Adjudication): string {
  return adjudication.recording(sha256Hex)
}

type Parts = ReturnType<Adjudication['parts']>

function answerPayer({ id, kind, policyId, given, amount }: Parts['payers'][number]): AnswerPayer {
  if (policyId === undefined && !given) return { id, kind, amount }
  return {
    id,
    kind,
    ...(policyId !== undefined && { policyId }),
    ...(given && { given }),
    amount,
  }
}

function answerLine({ id, amount, patient, paid, residual }: Parts['lines'][number]): AnswerLine {
  let end = paid.length
  while (end > 0 && paid[end - 1] === 0) end -= 1
  return [id, amount, patient, end === paid.length ? paid : paid.slice(0, end), residual]
}
