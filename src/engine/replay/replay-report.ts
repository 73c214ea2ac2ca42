import type { Problem } from '../../errors/problem.ts'
import type { Category } from '../../rules/category.ts'

/** Fen as it is in the ledger, and as it would be. */
export interface BeforeAfter {
  readonly before: number
  readonly after: number
}

export interface PayerChange extends BeforeAfter {
  readonly payer: string
}

/** The patient's part of the lines of one charge type in one residual category. */
export interface LineGroupChange extends BeforeAfter {
  /** 01–14; `NO_CHARGE_TYPE` and `PACKAGE_LINE` for other lines. */
  readonly chargeType: string
  readonly category: Category
}

/** The patient's part of one settlement. */
export interface SettlementChange extends BeforeAfter {
  readonly settlement: string
  readonly person: string
}

export interface ReplayRefusal {
  readonly settlement: string
  readonly person: string
  /** What was settled then, fen; absent where the request was refused then, too. */
  readonly total: number
  readonly problems: readonly Problem[]
}

/**
 * What would be otherwise. Sums are over settlements that stand: confirmed where prepared, not taken back, not refused; with their
 * recalculations. Payers and patients always change by opposite amounts, but for what package prices add.
 */
export interface ReplayReport {
  readonly settlements: {
    /** Settled in the days asked for: standing + reversed + refused. */
    readonly seen: number
    readonly standing: number
    readonly reversed: number
    /** Of those that stand: some amount of a line or payer differs. */
    readonly changed: number
    /** Settled or prepared then, and refused when settled again. */
    readonly refused: number
  }
  readonly total: BeforeAfter
  /** By payer id. */
  readonly payers: readonly PayerChange[]
  /** Fixed benefits beside the split, which the patient gets. */
  readonly fixed: readonly PayerChange[]
  readonly patients: BeforeAfter & {
    /** Persons whose part changes in sum. */
    readonly changed: number
  }
  readonly lineGroups: readonly LineGroupChange[]
  /** The largest changes of a patient's part, at most `LARGEST_MAX`. */
  readonly largest: readonly SettlementChange[]
  readonly refusals: {
    readonly codes: readonly { readonly code: string; readonly count: number }[]
    /** The first ones, at most `LARGEST_MAX`. */
    readonly first: readonly ReplayRefusal[]
  }
}

/** How many single settlements a report names. */
export const LARGEST_MAX = 100
