import type { Adjudication } from '../adjudication/adjudication.ts'
import type { Bill } from '../adjudication/bill.ts'
import type { CounterBalances } from '../adjudication/counters.ts'
import type { PayerColumn } from '../adjudication/split-state.ts'
import { zeros } from '../adjudication/zeros.ts'
import { failureOf, success, type Problem, type Result } from '../errors/problem.ts'
import type { AnswerLine, AnswerPayer, SplitAnswer } from '../ledger/answer.ts'
import { sha256Hex } from '../ledger/hash.ts'
import type { Contribution, Posting } from '../ledger/record.ts'
import type { BillDocument } from '../protocol/bill-document.ts'
import type { WrittenSplit } from './packed-bill.ts'
import { CATEGORY_COUNT } from '../rules/category.ts'
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
  counters: CounterBalances,
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
  const { total, classification, deductibleUsed, confirmed, setlinfo, setldetail } =
    adjudication.whole()
  const { ownPay, overLimit, preSelfPay, inScope } = classification
  const lines = answerLines(adjudication)
  const { fixed } = adjudication.split
  return {
    answer: {
      total,
      payers: adjudication.payers.map(answerPayer),
      lines,
      classification: [ownPay, overLimit, preSelfPay, inScope],
      deductibleUsed,
      packageAdjustment: adjudication.packageAdjustment,
      patient: adjudication.patient,
      fixed,
      setlinfo,
      setldetail,
      warnings: warnings.slice(),
    },
    postings: splitPostings(bill, { payers: adjudication.payers, lines, fixed }),
    before: adjudication.reads(),
    contributions: adjudication.contributions(),
    digest: recordingDigest(adjudication),
    confirmed,
  }
}

/** Digest of an explanation: hex SHA-256 over what the recorder wrote. */
export function recordingDigest(adjudication: Adjudication): string {
  return adjudication.recording(sha256Hex)
}

function answerPayer({ id, kind, policyId, given, amount }: PayerColumn): AnswerPayer {
  if (policyId === undefined) return given ? { id, kind, given, amount } : { id, kind, amount }
  return given ? { id, kind, policyId, given, amount } : { id, kind, policyId, amount }
}

/** Written straight from the rows of the adjudication: each line and each list is allocated once, in the form it is kept in. */
function answerLines(adjudication: Adjudication): readonly AnswerLine[] {
  return adjudication.lines.map(({ id, index, amount }): AnswerLine => {
    const patient = adjudication.patientOf(index)
    return [id, amount, patient, paidRow(adjudication, index), residualRow(adjudication, index)]
  })
}

/** What each payer pays of a line, but for the zeros at the end. */
function paidRow(adjudication: Adjudication, line: number): readonly number[] {
  let end = adjudication.payers.length
  while (end > 0 && adjudication.paid(end - 1, line) === 0) end -= 1
  const row = zeros(end)
  for (let payer = 0; payer < end; payer += 1) row[payer] = adjudication.paid(payer, line)
  return row
}

function residualRow(adjudication: Adjudication, line: number): readonly number[] {
  const row = zeros(CATEGORY_COUNT)
  for (let column = 0; column < CATEGORY_COUNT; column += 1) {
    row[column] = adjudication.residual(line, column)
  }
  return row
}
