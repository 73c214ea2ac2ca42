import type { FixedPayment, PatientPart, SetlDetail, SetlInfo } from '../adjudication/settlement.ts'
import type { Problem } from '../errors/problem.ts'
import type { PackKind } from '../rules/kind.ts'

export interface AnswerPayer {
  readonly id: string
  readonly kind: PackKind
  readonly policyId?: string
  readonly given?: true
  /** Fen. */
  readonly amount: number
}

/**
 * One line: id, amount, patient's part, what each payer pays (aligned with `payers`, trailing zeros left out), the patient's part by
 * residual category (in the order of `CATEGORIES`). Fen.
 */
export type AnswerLine = readonly [
  id: string,
  amount: number,
  patient: number,
  paid: readonly number[],
  residual: readonly number[],
]

/**
 * What a split answers, and what is stored of it: the same for every repeat. Amounts are whole fen; the national record beside
 * them is in yuan, as the interface has it.
 */
export interface SplitAnswer {
  readonly total: number
  readonly payers: readonly AnswerPayer[]
  readonly lines: readonly AnswerLine[]
  /** ownPay, overLimit, preSelfPay, inScope; fen. */
  readonly classification: readonly [number, number, number, number]
  readonly deductibleUsed: number
  readonly packageAdjustment: number
  readonly patient: PatientPart
  readonly fixed: readonly FixedPayment[]
  readonly setlinfo: SetlInfo
  readonly setldetail: readonly SetlDetail[]
  readonly warnings: readonly Problem[]
}
