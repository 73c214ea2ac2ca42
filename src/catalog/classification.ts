import type { Fen } from '../money/fen.ts'
import type { Rate } from '../money/rate.ts'
import type { LineParts } from './check-classification.ts'
import type { HospitalLevel, QuantityLimit } from './entry.ts'

/** One line of the bill, refunds already netted into it. */
export interface LineToClassify {
  readonly code: string
  /** Fen, ≥ 0. */
  readonly amount: Fen
  /** In 1/10,000 (`cnt`), above 0; days for a bed. Needed where the entry has a ceiling or a quantity limit. */
  readonly quantity?: number | undefined
  /** `hosp_appr_flag`: 0 no approval needed, 1 approved, 2 refused. */
  readonly hospitalApproval?: '0' | '1' | '2'
  /** Whether the restriction of payment is met, where the caller knows; it then stands over `hospitalApproval`. */
  readonly restrictionMet?: boolean | undefined
}

export interface ClassificationContext {
  readonly hospitalLevel: HospitalLevel
  readonly personType: string
  readonly visitType: string
  /** What the profile says of a line whose code the catalogue does not have. */
  readonly unmatched: 'refuse' | 'ownPay'
  /** Quantities of the same item already covered on the line's day and in its month, in 1/10,000, ≥ 0. */
  readonly quantityUsed: { readonly day: number; readonly month: number }
}

/** The quantity limit that cut the line: `allowed` of its quantity stayed covered, in 1/10,000. */
export interface QuantityLimitStep {
  readonly limit: QuantityLimit
  readonly used: number
  readonly allowed: number
}

/** The ceiling the line was held against, whether it cut or not: `perUnit` in 1/1,000,000 yuan. */
export interface CeilingStep {
  readonly kind: 'price' | 'bedDay'
  readonly perUnit: number
  /** Covered quantity in 1/10,000. */
  readonly quantity: number
}

/** Why the line was cut as it was, enough to recompute the parts. */
export type ClassificationSteps =
  | { readonly cut: 'ownPay'; readonly why: 'unmatched' | 'classC' | 'restrictionNotMet' }
  | {
      readonly cut: 'parts'
      readonly quantityLimit?: QuantityLimitStep
      readonly ceiling?: CeilingStep
      readonly selfPayRate: Rate
    }

export interface Classification extends LineParts {
  readonly steps: ClassificationSteps
}
