import type { PackKind } from '../rules/kind.ts'

/** A cell: line index × 7 + category column (see `CATEGORIES`). */
export type CellIndex = number

/** Amounts over some cells, in ascending cell order; `amounts[i]` fen belongs to `cells[i]`. */
export interface CellAmounts {
  readonly cells: readonly CellIndex[]
  readonly amounts: readonly number[]
}

/**
 * What was done, in order, with every number needed to do it again. Amounts are fen unless a counter's unit
 * says otherwise. A separate verifier replays the steps: state is `remaining[cell]`, all zero at first.
 */
export type ExplanationStep =
  | ClassifyStep
  | RefundStep
  | PackagePriceStep
  | GivenStep
  | LayerStep
  | BenefitStep
  | FixedStep
  | BestOfStep
  | EqualRankStep
  | AccountStep
  | PatientStep

/** Sets the four cells of a line: ownPay + overLimit + preSelfPay + inScope = amount. */
export interface ClassifyStep {
  readonly step: 'classify'
  readonly line: number
  readonly lineId: string
  readonly name: string
  readonly amount: number
  readonly ownPay: number
  readonly overLimit: number
  readonly preSelfPay: number
  readonly inScope: number
  /** Who decided, and with what; `supplement`: `cells` are set instead of the four parts. */
  readonly by: 'catalog' | 'bill' | 'supplement' | 'unmatched' | 'package'
  readonly chargeLevel?: 'A' | 'B' | 'C'
  readonly selfPayRate?: { readonly num: number; readonly den: number }
  /** Most the catalogue accepts for the line before first self-pay, fen. */
  readonly accepted?: number
  readonly cells?: CellAmounts
}

/** A refund line was netted into its original before classification. */
export interface RefundStep {
  readonly step: 'refund'
  readonly refundId: string
  readonly originalId: string
  readonly amount: number
  readonly left: number
}

/**
 * Package price. adjustment > 0: line `line` was added with it (its ClassifyStep follows). adjustment < 0: the
 * hospital pays −adjustment, taken from the cells as `spread`.
 */
export interface PackagePriceStep {
  readonly step: 'package'
  readonly pack: string
  readonly id: string
  readonly clause: string
  readonly titleZh: string
  readonly titleEn: string
  readonly standard: number
  readonly cost: number
  readonly adjustment: number
  readonly payer?: number
  readonly spread?: CellAmounts
}

/** An amount settled elsewhere fills cells; with `relabel` in-scope cells become deductible, overCap and coinsurance. */
export interface GivenStep {
  readonly step: 'given'
  readonly payer: number
  readonly payerId: string
  readonly kind: PackKind
  readonly amount: number
  readonly spread: CellAmounts
  readonly relabel?: { readonly deductible: CellAmounts; readonly overCap: CellAmounts }
}

export interface LayerStep {
  readonly step: 'layer'
  readonly kind: PackKind
  readonly pack: string
  readonly hash: string
  readonly titleZh: string
  readonly titleEn: string
  readonly policyId?: string
  /** Insurance year or policy period of its counters, e.g. "2023". */
  readonly year: string
  /** Segment of the bill, 0-based, when it is cut by date; lines outside it are not touched. */
  readonly segment: number
  readonly payer: number
}

/** What an amount put into a counter measures; `item`: what an item limit accepted. */
export type CounterMeasure = LimitUse['on'] | 'bands' | 'item'

export interface CounterUse {
  readonly key: string
  readonly before: number
  readonly after: number
  /** after − before, part by part. */
  readonly adds: readonly { readonly what: CounterMeasure; readonly amount: number }[]
}

export interface LimitUse {
  readonly id: string
  readonly on:
    | 'payment'
    | 'base'
    | 'baseAfterDeductible'
    | 'deductible'
    | 'patientShare'
    | 'days'
    | 'times'
    | 'quantity'
  readonly clause?: string
  /** The limit itself, what earlier settlements used of it, and the room left: max(0, amount − used). */
  readonly amount: number
  readonly used: number
  readonly room: number
  /** It changed the result. */
  readonly bound: boolean
}

export interface BandUse {
  /** Slice of the axis, fen: [from, to); `edge` is the upper edge of the band, absent: none. */
  readonly from: number
  readonly to: number
  readonly edge?: number
  readonly rateNum: number
  readonly rateDen: number
  readonly payment: number
}

/**
 * One benefit at work. The verifier recomputes: weighted from selected; base; deductible; bands; payment; served;
 * overCap; coinsurance; the spreads by largest remainder; the new cells.
 */
export interface BenefitStep {
  readonly step: 'benefit'
  readonly pack: string
  readonly benefit: string
  readonly titleZh: string
  readonly titleEn: string
  readonly clause: string
  readonly payer: number
  readonly basic: boolean
  readonly of: 'residual' | 'cost'
  /** Cells chosen (residual, or cost with `of: cost`) after line filters. */
  readonly selected: CellAmounts
  /** After days/times/quantity limits and item limits; present when they changed something. */
  readonly afterItems?: CellAmounts
  /** Weights other than 1, with the cells they apply to and the one rounded result. */
  readonly weights: readonly {
    readonly num: number
    readonly den: number
    readonly cells: readonly CellIndex[]
    readonly before: number
    readonly after: number
  }[]
  /** First shares borne before anything else. */
  readonly firstShares: readonly {
    readonly num: number
    readonly den: number
    readonly before: number
    readonly amount: number
  }[]
  /** What the benefit works on, cell by cell: selected → items → weights → first shares. */
  readonly weighted: CellAmounts
  /** Sum of `weighted`. */
  readonly gross: number
  /** After limits on base: min(gross, rooms). */
  readonly base: number
  readonly deductible?: {
    /** Amount by the rule, what the counter had, what earlier payers filled now, and what is taken now. */
    readonly amount: number
    readonly used: number
    readonly filled: number
    readonly taken: number
    readonly when: 'before' | 'afterRate'
    readonly key: string
    /** Groups of cells it is taken from first, in order. */
    readonly from: readonly (readonly CellIndex[])[]
  }
  /** base − deductible (taken before), cut by limits on baseAfterDeductible. */
  readonly ratedBase: number
  readonly axis?: {
    readonly type: 'includingDeductible' | 'aboveDeductible'
    readonly start: number
  }
  readonly rounding: 'band' | 'benefit'
  readonly bands: readonly BandUse[]
  /** Σ bands, minus a deductible taken after the rate, not below zero. */
  readonly rated: number
  readonly floor?: {
    readonly num: number
    readonly den: number
    readonly of: number
    readonly amount: number
    /** Cells an excess over the base may be taken from, beside the selected ones. */
    readonly cells: readonly CellIndex[]
  }
  readonly limits: readonly LimitUse[]
  /** Smallest base whose payment reaches the limit; = ratedBase when no payment limit binds. */
  readonly served: number
  readonly overCap: number
  readonly coinsurance: number
  /** Raised by a stop-loss beyond the bands. */
  readonly stopLoss: number
  /** Final payment of the benefit. */
  readonly payment: number
  readonly spread: {
    readonly firstShare: CellAmounts
    readonly deductible: CellAmounts
    readonly overCap: CellAmounts
    readonly payment: CellAmounts
    /** Part of the payment beyond `weighted` − deductible − overCap (floor, stop-loss). */
    readonly extra: CellAmounts
  }
  readonly counters: readonly CounterUse[]
}

export interface FixedStep {
  readonly step: 'fixed'
  readonly pack: string
  readonly benefit: string
  readonly titleZh: string
  readonly titleEn: string
  readonly clause: string
  readonly payerId: string
  readonly per: 'day' | 'once'
  readonly amountEach: number
  readonly days: number
  readonly waitingDays: number
  readonly paidDays: number
  readonly limits: readonly LimitUse[]
  readonly payment: number
  readonly counters: readonly CounterUse[]
}

/** Benefits that competed; only the winner's BenefitStep follows. */
export interface BestOfStep {
  readonly step: 'bestOf'
  readonly pack: string
  readonly group: string
  readonly candidates: readonly { readonly benefit: string; readonly payment: number }[]
  readonly winner: string
  /** Title of the winner. */
  readonly titleZh: string
  readonly titleEn: string
}

/**
 * Layers of equal rank. Their BenefitSteps (each against the same cells) come before and take nothing themselves; this step
 * takes `reduced[i]` for payer `payers[i]` from the cells as `spreads[i]`.
 */
export interface EqualRankStep {
  readonly step: 'equalRank'
  readonly payers: readonly number[]
  readonly own: readonly number[]
  readonly residual: number
  readonly reduced: readonly number[]
  readonly spreads: readonly CellAmounts[]
  /** Payment counters lowered to what the layers got. */
  readonly counters: readonly CounterUse[]
}

export interface AccountStep {
  readonly step: 'account'
  readonly pots: readonly {
    readonly pot: 'current' | 'history' | 'family' | 'given'
    readonly balance: number
    readonly paid: number
  }[]
  /** What the account may pay: patient cells of the allowed categories. */
  readonly payable: number
}

export interface PatientStep {
  readonly step: 'patient'
  readonly total: number
  readonly account: number
  readonly cash: number
  readonly deposit?: number
}
