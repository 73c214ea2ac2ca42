import type { Problem } from '../errors/problem.ts'
import type { Fen } from '../money/fen.ts'
import type { Category } from '../rules/category.ts'
import type { PackKind, WireField } from '../rules/kind.ts'
import type { Classification } from './bill.ts'
import type { CounterChange } from './counters.ts'
import type { ExplanationStep } from './explanation.ts'

/** Number of the adjudication semantics; a change that alters any amount takes a new one. */
export const SEMANTICS = 1

export interface SettledPayer {
  /** Payer id of the pack, or of the given layer, or `hospital`. */
  readonly id: string
  readonly kind: PackKind
  /** Pack id; absent for given layers. */
  readonly pack?: string
  readonly policyId?: string
  readonly wire?: WireField
  readonly fundPayType?: string
  readonly given: boolean
  readonly amount: Fen
}

export interface SettledLine {
  readonly id: string
  /** After refund lines were netted into it. */
  readonly amount: Fen
  readonly classification: Classification
  /** Aligned with `Settlement.payers`; fen, >= 0. */
  readonly paid: readonly Fen[]
  /** What the patient owes on the line, >= 0. */
  readonly patient: Fen
  /** The patient's part by residual category, in the order of `CATEGORIES`. */
  readonly residual: readonly Fen[]
}

export interface FixedPayment {
  readonly pack: string
  readonly benefit: string
  readonly policyId?: string
  readonly payerId: string
  readonly amount: Fen
  readonly days?: number
}

export interface PatientPart {
  readonly total: Fen
  /** By pot; `given` is what the platform had already debited. */
  readonly account: {
    readonly current: Fen
    readonly history: Fen
    readonly family: Fen
    readonly given: Fen
  }
  /** total − account; below zero only down to what the platform had debited: a refund owed. */
  readonly cash: Fen
  /** deposit − cash when a deposit was stated: above zero refund, below zero to collect. */
  readonly depositBalance?: Fen
}

/** Fields of the national `setlinfo` (yuan strings) that the settlement determines. */
export type SetlInfo = Readonly<Record<string, string | null>>

export interface SetlDetail {
  readonly fund_pay_type: string
  readonly fund_payamt: string
  readonly inscp_scp_amt: string
}

/** The split of one bill: every fen of every line has exactly one payer. */
export interface Settlement {
  readonly kind: 'settlement'
  readonly semantics: number
  readonly stayId: string
  readonly settlementDay: number
  /** Sum of the lines, fen: what the hospital charged (medfee_sumamt), without a package adjustment. */
  readonly total: Fen
  readonly payers: readonly SettledPayer[]
  readonly lines: readonly SettledLine[]
  readonly classification: Classification
  /** Patient's part by residual category. */
  readonly residual: Readonly<Record<Category, Fen>>
  readonly deductibleUsed: Fen
  /** Package prices: what was added to the cost (above zero) or taken by the hospital (below). */
  readonly packageAdjustment: Fen
  readonly patient: PatientPart
  readonly fixed: readonly FixedPayment[]
  readonly counters: readonly CounterChange[]
  readonly packs: readonly { readonly id: string; readonly hash: string }[]
  readonly profile: { readonly id: string; readonly hash: string }
  readonly confirmed: boolean
  readonly setlinfo: SetlInfo
  readonly setldetail: readonly SetlDetail[]
  readonly warnings: readonly Problem[]
  readonly explanation: readonly ExplanationStep[]
}

export interface Refusal {
  readonly kind: 'refusal'
  readonly problems: readonly Problem[]
}
