import type { Rate } from '../money/rate.ts'
import type { FactSheet } from './facts.ts'
import type {
  Adjustment,
  Benefit,
  CounterDefinition,
  DateBasis,
  ItemLimit,
  Limit,
  PackagePrice,
  RulePack,
} from './pack.ts'

/**
 * What a compiled condition or value reads. One frame serves a whole layer; `line` is replaced as lines are
 * walked, so closures must not keep it.
 */
export interface FactFrame {
  readonly person: FactSheet
  readonly visit: FactSheet
  readonly hospital: FactSheet
  readonly bill: FactSheet
  policy: FactSheet | undefined
  line: FactSheet | undefined
  /** Class the catalogue gave the line; `line.chargeLevel` where the bill states none. */
  lineChargeLevel: string | undefined
  /** Value of a counter at this moment of the settlement, in its unit. */
  readCounter: (counter: CompiledCounter, frame: FactFrame) => number
}

/** A pack read a fact that the bill or coverage does not state; becomes a `FACT_MISSING` refusal. */
export class FactMissing extends Error {
  override readonly name = 'FactMissing'
  readonly fact: string
  readonly where: string

  constructor(fact: string, where: string) {
    super(`${where}: the fact ${fact} is not stated`)
    this.fact = fact
    this.where = where
  }
}

/** A value could not be computed (division by zero, result outside the safe range, no table row). */
export class ValueUndefined extends Error {
  override readonly name = 'ValueUndefined'
  readonly where: string
  readonly why: 'divisionByZero' | 'outOfRange' | 'noRow'

  constructor(where: string, why: 'divisionByZero' | 'outOfRange' | 'noRow') {
    super(`${where}: ${why}`)
    this.where = where
    this.why = why
  }
}

export type CompiledCondition = (frame: FactFrame) => boolean
/** Fen for money (rounded once, half away from zero); a whole number for days, times and quantity. */
export type CompiledAmount = (frame: FactFrame) => number
export type CompiledRate = (frame: FactFrame) => Rate
export type CompiledText = (frame: FactFrame) => string

export interface CompiledCounter {
  readonly definition: CounterDefinition
  /** `owner:` and its id, the fixed parts of its key. */
  readonly head: string
  readonly id: string
  readonly key: CompiledText | undefined
}

export interface CompiledBaseItem {
  readonly column: number
  readonly weight: CompiledRate | undefined
  readonly lines: CompiledCondition | undefined
}

export interface CompiledItemLimit {
  readonly limit: ItemLimit
  readonly lines: CompiledCondition | undefined
  readonly amount: CompiledAmount
  readonly counter: CompiledCounter | undefined
}

export interface CompiledDeductible {
  readonly amount: CompiledAmount
  readonly taken: NonNullable<Benefit['deductible']>['taken']
  readonly filledBy: NonNullable<Benefit['deductible']>['filledBy']
  readonly counter: CompiledCounter
  readonly from: readonly (
    | { readonly type: 'category'; readonly column: number }
    | { readonly type: 'lines'; readonly lines: CompiledCondition }
  )[]
}

export interface CompiledBand {
  readonly upTo: CompiledAmount | undefined
  readonly rate: CompiledRate
}

/**
 * A benefit ready to run. Every compiled benefit has every property, in the same order, so that reading one costs the same
 * whichever benefit it is; what the hot path reads of the rule itself is repeated here for that reason.
 */
export interface CompiledBenefit {
  readonly benefit: Benefit
  readonly ofCost: boolean
  readonly bestOf: string | undefined
  readonly settledBy: Benefit['settledBy']
  readonly requiresSettled: Benefit['requiresSettled']
  readonly when: CompiledCondition | undefined
  readonly lines: CompiledCondition | undefined
  readonly waitingDays: CompiledAmount | undefined
  readonly waitingExcept: CompiledCondition | undefined
  readonly base: readonly CompiledBaseItem[]
  /** Base item by column, −1: none; absent where an item looks at the line. */
  readonly itemOfColumn: Int8Array | undefined
  /** Columns that some item may take, ascending. */
  readonly columns: Int8Array
  readonly firstShares: readonly {
    readonly when: CompiledCondition | undefined
    readonly rate: CompiledRate
  }[]
  readonly itemLimits: readonly CompiledItemLimit[]
  /** Whether a limit counts quantities; whether a limit or a counter counts days. */
  readonly perQuantity: boolean
  readonly perDay: boolean
  /** Whether weights or first shares may make the base differ from what is chosen. */
  readonly isWeighted: boolean
  readonly deductible: CompiledDeductible | undefined
  readonly bands:
    | {
        readonly counter: CompiledCounter
        readonly rows: readonly CompiledBand[]
        readonly axis: NonNullable<Benefit['bands']>['axis']
        readonly rounding: NonNullable<Benefit['bands']>['rounding']
      }
    | undefined
  readonly adjustments: readonly {
    readonly adjustment: Adjustment
    readonly when: CompiledCondition | undefined
    readonly rate: CompiledRate
  }[]
  readonly floor:
    { readonly rate: CompiledRate; readonly base: readonly CompiledBaseItem[] } | undefined
  readonly limits: readonly {
    readonly limit: Limit
    readonly when: CompiledCondition | undefined
    readonly amount: CompiledAmount
    readonly counter: CompiledCounter
  }[]
  readonly fixed:
    | {
        readonly amount: CompiledAmount
        readonly days: CompiledAmount | undefined
        readonly waitingDays: CompiledAmount | undefined
      }
    | undefined
  readonly counts: readonly {
    readonly counter: CompiledCounter
    readonly what: Benefit['counts'][number]['what']
  }[]
}

export interface CompiledPack {
  readonly pack: RulePack
  readonly covers: CompiledCondition | undefined
  readonly packages: readonly {
    readonly price: PackagePrice
    readonly when: CompiledCondition
    readonly standard: CompiledAmount
  }[]
  readonly benefits: readonly CompiledBenefit[]
  /** Shortest counter period among its benefits that a `by: line` pack must cut the bill at. */
  readonly finestPeriod: 'day' | 'month' | 'year'
  /** Lengths of the policy periods its benefits count by, each once. */
  readonly policyYears: readonly number[]
  readonly basis: DateBasis | undefined
}
