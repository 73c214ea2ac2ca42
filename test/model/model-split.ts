import { counterText } from '../../src/adjudication/counter-key.ts'
import type { Bill } from '../../src/adjudication/bill.ts'
import type { Settlement as CoreSettlement } from '../../src/adjudication/settlement.ts'
import type { AnswerLine, SplitAnswer } from '../../src/ledger/answer.ts'
import { readBillDocument } from '../../src/protocol/bill-document.ts'
import { adjudicatorOf, type ModelRuleSet } from './model-rules.ts'
import { Refused } from './refused.ts'

/** A bill with everything it is settled on. */
export interface SplitInput {
  /** As a bill document, completed from the register. */
  readonly document: Tree
  readonly day: number
  readonly rules: ModelRuleSet
  readonly suspended: ReadonlySet<string>
  readonly counters: ReadonlyMap<string, number>
}

export interface Evaluated {
  readonly answer: SplitAnswer
  readonly confirmed: boolean
  readonly setlId: string | undefined
  readonly settlementDay: number
  readonly stay: string
  readonly lineIds: readonly string[]
  readonly reads: readonly string[]
  readonly contributions: readonly (readonly [key: string, amount: number])[]
}

export type Tree = Readonly<Record<string, unknown>>

/**
 * What one bill comes to; the arithmetic is the core's, which an oracle has proved elsewhere. `check` looks at the bill before
 * anything is computed.
 */
export function evaluate(input: SplitInput, check: (bill: Bill) => void): Evaluated {
  const read = readBillDocument(input.document, input.rules.profile, input.day)
  if (!read.ok) throw new Refused(...read.problems.map(({ code }) => code))
  const { bill, coverage, warnings } = read.value
  check(bill)
  const split = adjudicatorOf(input.rules, input.suspended).adjudicate(
    bill,
    coverage,
    input.counters,
    {
      explain: false,
    },
  )
  if (split.kind === 'refusal') throw new Refused(...split.problems.map(({ code }) => code))
  const settled = split.parts()
  return {
    answer: answerOf(settled, warnings),
    confirmed: settled.confirmed,
    setlId: bill.given?.settlementId,
    settlementDay: bill.settlementDay,
    stay: bill.stayId,
    lineIds: linesOf(input.document).map(({ id }) => String(id)),
    reads: split.reads().map(([key]) => counterText(key)),
    contributions: split
      .counters()
      .map(({ key, before, after }) => [key, after - before] as const)
      .filter(([, amount]) => amount !== 0),
  }
}

function answerOf(
  settled: Omit<CoreSettlement, 'explanation'>,
  warnings: SplitAnswer['warnings'],
): SplitAnswer {
  const { ownPay, overLimit, preSelfPay, inScope } = settled.classification
  return {
    total: settled.total,
    payers: settled.payers.map(({ id, kind, policyId, given, amount }) => ({
      id,
      kind,
      ...(policyId !== undefined && { policyId }),
      ...(given && { given }),
      amount,
    })),
    lines: settled.lines.map(({ id, amount, patient, paid, residual }): AnswerLine => [
      id,
      amount,
      patient,
      withoutTail(paid),
      residual,
    ]),
    classification: [ownPay, overLimit, preSelfPay, inScope],
    deductibleUsed: settled.deductibleUsed,
    packageAdjustment: settled.packageAdjustment,
    patient: settled.patient,
    fixed: settled.fixed,
    setlinfo: settled.setlinfo,
    setldetail: settled.setldetail,
    warnings: [...warnings, ...settled.warnings],
  }
}

function withoutTail(amounts: readonly number[]): readonly number[] {
  return amounts.slice(0, amounts.findLastIndex((amount) => amount !== 0) + 1)
}

export function linesOf(document: Tree): readonly Tree[] {
  const { lines } = document
  return Array.isArray(lines) ? (lines as readonly Tree[]) : []
}

/** Yuan text as fen. */
export function fenOf(text: unknown): number {
  return Math.round(Number(text) * 100)
}
